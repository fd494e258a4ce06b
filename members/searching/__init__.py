"""One search over everything a person may see: which kinds there are, how they are kept, how they are found."""
