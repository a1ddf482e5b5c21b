// Package check says what the ledger's map reveals: what is paid for or
// commissioned twice, what has nothing, what is ending, what is out of terms
// and what is promised beyond its means (design, section 5).
//
// A rule is a pure function of a view and a policy, in a file of its own with
// its test. It gives findings: questions for an officer, each with its facts,
// its sum, and the signed entries or records that make the sum, so that every
// figure opens. A finding's id is stable (expiry/cliff/youth-inclusion/2027-03-31).
//
// What a finding says is data, a sentence's code and its facts (sentence.go);
// english.go has the words, and a page may say the same in another language.
//
// A judgement is an officer's recorded answer to a finding. It silences the
// finding until the facts that the rule rests on change; wording and entry
// numbers are no such facts.
//
// What a rule cannot tell for want of a fact it says: such findings carry the
// verdict "unknown" and name the fact. Nothing here writes.
package check
