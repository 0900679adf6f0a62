"""Backpropagation for a two-layer sigmoid network, one derivation step per function."""
