// What is printed is numbers, JSON and CSV: who renders reports needs their spelling, too.
@_exported public import Encoding
