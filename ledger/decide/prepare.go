package decide

import (
	"strings"

	"braid/ledger"
)

// Prepare says which award would pay for a proposal and on which service, where
// those who asked could not know. What they asked for stays as they asked it.
// A blank service is a new one, called what the proposal is called.
func Prepare(b *ledger.Book, actor Actor, proposal, award, service string) (*Outcome, error) {
	p, err := open(b, proposal, "proposed", "recommended", "deferred", "in principle")
	if err != nil {
		return nil, err
	}
	_, known := b.Award(award)
	switch {
	case ofBoard(actor):
		return nil, &WrongRole{"officers", "saying which grant would pay"}
	case award == "":
		return nil, &Needs{"proposals", proposal, "award"}
	case !known:
		return nil, &ledger.NotFound{Register: "awards", ID: award}
	case service != "" && !b.Has("services", service):
		return nil, &ledger.NotFound{Register: "services", ID: service}
	}
	o := &Outcome{Draft: actor.draft(b, p.Get("title")), Need: Need{Alone: true}}
	if service == "" {
		for service = p.ID; b.Has("services", service); { // another's: never taken for this one
			service = p.Get("board") + "-" + service
		}
		err := o.Draft.Put(record("services", service, map[string]string{"name": p.Get("title"), "description": p.Get("what"), "board": p.Get("board"),
			"areas": ids(p.Get("area")), "objectives": ids(p.Get("objective"))}))
		if err != nil {
			return nil, err
		}
	}
	if award == p.Get("award") && service == p.Get("service") {
		return nil, &Unchanged{}
	}
	return o, o.Draft.Put(amended(p, map[string]string{"award": award, "service": service}))
}

// ids are the ids of labels, without their shares.
func ids(labels string) string {
	parts, err := ledger.ParseLabels(labels)
	if err != nil {
		return ""
	}
	var all []string
	for _, p := range parts {
		all = append(all, p.ID)
	}
	return strings.Join(all, ";")
}
