"""The words: job, run, chunk, slice, plan, tally, row error. Rules and shapes, no I/O."""
