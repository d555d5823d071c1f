"""What an analyst works with in JupyterLab: the look of charts and tables."""

from sourcing.pack.notebook.display import draw_theme, prepare_display
from sourcing.pack.notebook.frames import fold_frame, show_frame

__all__ = ["draw_theme", "fold_frame", "prepare_display", "show_frame"]
