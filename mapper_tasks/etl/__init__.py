"""Extract, transform, stage, apply: the work on one slice, in one transaction of the target."""
