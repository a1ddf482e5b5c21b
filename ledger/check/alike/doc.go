// Package alike finds services that look commissioned twice and records that look entered twice,
// among tens of thousands, without comparing all pairs, and says in words why each pair is shown.
//
// How a pair is found, in the order of the files:
//
//	words.go      text to words: folding, stems, numbers, and what the words of the field mean
//	vocabulary.go the words of one book: spelling slips put right, how rare each word is, which name
//	              places and which go with anything
//	topic.go      what each text is about, from the company its words keep in this book
//	nearby.go     candidates: services that overlap in place and share a key (activity, level and
//	              objective; or an uncommon word), from lists ordered by place; work per service is bounded
//	measure.go    some fifty likeness measures of one pair
//	rivals.go     the pair beside the other pairs of its services, and what this book shows of chance
//	weights.go    what each measure counts for, learned from planted books; see learn_test.go
//	pairs.go      Pairs: all of it, best first
//	reason.go     the reasons in words
//	records.go    Records and NearText: one thing recorded twice
//
// A score is likeness, a chance between 0 and 1. It is never money and is shown only as words.
// Places are spans of the area tree numbered in preorder, so that one area lies within another
// exactly when its span does.
//
// plant makes books with known duplicates, for tests: nothing else may import it.
package alike
