"""Backpropagation for a two-layer sigmoid network, one derivation step per function.

Read the modules in this order: ``network`` (the model), ``gradients`` (the derivation),
``numerical`` (how it is checked), ``training`` and ``datasets``.
"""

from backprop_notes.datasets import blobs, circles, two_moons, xor
from backprop_notes.gradients import (
    cancelled_gradient,
    chain_rule_gradient,
    gradient,
    hidden_gradient,
    label_error,
    label_outside_gradient,
    nabla,
    output_error,
    output_error_gradient,
    output_gradient,
    plugged_in_gradient,
    score_gradient,
    slide_gradient,
)
from backprop_notes.network import (
    Parameters,
    hidden,
    log_likelihood,
    log_sigmoid,
    probability,
    score,
    sigmoid,
)
from backprop_notes.numerical import (
    GradientCheck,
    central_difference,
    complex_step,
    gradient_check,
    relative_difference,
)
from backprop_notes.training import History, gradient_ascent, initial_parameters

__all__ = [
    "GradientCheck",
    "History",
    "Parameters",
    "blobs",
    "cancelled_gradient",
    "central_difference",
    "chain_rule_gradient",
    "circles",
    "complex_step",
    "gradient",
    "gradient_ascent",
    "gradient_check",
    "hidden",
    "hidden_gradient",
    "initial_parameters",
    "label_error",
    "label_outside_gradient",
    "log_likelihood",
    "log_sigmoid",
    "nabla",
    "output_error",
    "output_error_gradient",
    "output_gradient",
    "plugged_in_gradient",
    "probability",
    "relative_difference",
    "score",
    "score_gradient",
    "sigmoid",
    "slide_gradient",
    "two_moons",
    "xor",
]
