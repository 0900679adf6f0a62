"""Whether equations hold: claims, ties, mutants, repairs, counterexamples, proofs."""
