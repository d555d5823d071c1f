"""How a delivery model is told apart in every chart: one color and one shape, whichever room draws it."""

from __future__ import annotations

from sourcing.pack.drawing import alt
from sourcing.pack.theme import MODEL_COLORS, MODEL_SHAPES
from sourcing.pack.wording import MODEL_NAMES

NAMES = list(MODEL_NAMES.values())


def color_models(title: str = "Delivery model") -> alt.Color:
    """Color by the column `model`, a delivery model as called in packs."""
    return alt.Color(
        "model:N", title=title, scale=alt.Scale(domain=NAMES, range=[MODEL_COLORS[model] for model in MODEL_NAMES])
    )


def shape_models(title: str = "Delivery model") -> alt.Shape:
    """Shape marks by the column `model`; with the title of their color both share one legend."""
    return alt.Shape(
        "model:N", title=title, scale=alt.Scale(domain=NAMES, range=[MODEL_SHAPES[model] for model in MODEL_NAMES])
    )
