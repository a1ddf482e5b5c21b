package seed

// Person is somebody made up who uses Braid at the demo council.
type Person struct {
	ID, Name, Email, Language string
	Role, Board               string
	About                     string // what they come to do
}

// People lists who uses Braid at a council; only the made-up one has any.
func People(name string) []Person {
	if name != "demo" {
		return nil
	}
	return []Person{
		{"priya", "Priya Shah", "priya.shah@demo.example", "en", "commissioner", "", "plans who pays for what"},
		{"sam", "Sam Okafor", "sam.okafor@demo.example", "en", "board member", "north", "sits on the North board, a parent"},
		{"mali", "Mali Rees", "mali.rees@demo.example", "cy", "board member", "north", "sits on the North board, a young person"},
		{"chris", "Chris Evans", "chris.evans@demo.example", "en", "board chair", "north", "chairs the North board"},
		{"fin", "Fiona Walsh", "fiona.walsh@demo.example", "en", "finance", "", "looks at what comes after the grants"},
		{"owen", "Owen Pugh", "owen.pugh@demo.example", "cy", "finance", "", "the second finance officer"},
		{"sue", "Sue Adeyemi", "sue.adeyemi@demo.example", "en", "scrutiny", "", "reads, for the scrutiny committee"},
		{"aud", "Anna Audit", "anna.audit@demo.example", "en", "auditor", "", "reads all, and proves the ledger"},
		{"ada", "Ada Price", "ada.price@demo.example", "en", "administrator", "", "looks after Braid"},
	}
}
