"""What an analyst works with in JupyterLab: the look of charts and tables."""

from sourcing.pack.notebook.display import draw_theme, prepare_display
from sourcing.pack.notebook.frames import show_frame

__all__ = ["draw_theme", "prepare_display", "show_frame"]
