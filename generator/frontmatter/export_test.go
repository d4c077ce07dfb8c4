package frontmatter

// SplitPlain and SplitAny are the two ways of Split, for tests to compare.
var SplitPlain, SplitAny = splitPlain, splitAny
