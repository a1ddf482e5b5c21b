package ledger

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// LabelledCell is money on a service in a year, with what it is for; blank
// labels are money not split. Amount is negative where the money moved off.
type LabelledCell struct {
	Service, Award, Objective, Area Ref
	Element, CostType, MatchFor     Ref
	Year                            fiscal.Year
	On                              fiscal.Date
	Amount                          money.Pence
}

// labelled reports whether an entry puts money on services or takes it off, by
// decision: payments and commitments only move it between stages.
func (e *entry) labelled() bool { return e.kind != Payment && e.kind != Commitment }

// cell gives one side of an entry as a cell; false where it is no service's.
func (v *View) cell(e *entry, side AccountNo, amount money.Pence) (LabelledCell, bool) {
	k, l := &v.accounts[side], &v.labels[e.label]
	if !k.stage.OfService() {
		return LabelledCell{}, false
	}
	return LabelledCell{k.service, k.award, l.objective, l.area, l.element, l.costType, l.matchFor, k.year, e.on, amount}, true
}

// Cells calls yield for each movement of money onto or off a service, in every
// year, in the order posted: allocations, virements and their reversals. Summed
// by year, they give each cell of objective × area.
func (v *View) Cells(yield func(index int, cell LabelledCell)) {
	for first, run := range v.entries.runs {
		for i := range run {
			e := &run[i]
			if e.on > v.AsAt || !e.labelled() {
				continue
			}
			if c, ok := v.cell(e, e.to, e.amount); ok {
				yield(first+i, c)
			}
			if c, ok := v.cell(e, e.from, -e.amount); ok {
				yield(first+i, c)
			}
		}
	}
}

// CellsOf calls yield for each movement of money onto or off one service, in
// every year, in the order posted.
func (v *View) CellsOf(service Ref, yield func(index int, cell LabelledCell)) {
	x := v.moves()
	if int(service)+1 >= len(x.starts) {
		return
	}
	for _, i := range x.entries[x.starts[service]:x.starts[service+1]] {
		side := int(i)
		if side < 0 {
			side = -side
		}
		e := v.entries.at(side - 1)
		var c LabelledCell
		if i > 0 {
			c, _ = v.cell(e, e.to, e.amount)
		} else {
			c, _ = v.cell(e, e.from, -e.amount)
		}
		yield(side-1, c)
	}
}

// moveIndex lists the movements of each service: entries[starts[ref]:starts[ref+1]],
// each an entry's index plus one, negative where the money leaves the service.
type moveIndex struct{ starts, entries []int32 }

func (v *View) indexMoves() *moveIndex {
	x := &moveIndex{starts: make([]int32, len(v.texts)+1)}
	each := func(note func(service Ref, move int32)) {
		for first, run := range v.entries.runs {
			for i := range run {
				e := &run[i]
				if e.on > v.AsAt || !e.labelled() {
					continue
				}
				if k := &v.accounts[e.to]; k.stage.OfService() {
					note(k.service, int32(first+i+1))
				}
				if k := &v.accounts[e.from]; k.stage.OfService() {
					note(k.service, -int32(first+i+1))
				}
			}
		}
	}
	each(func(service Ref, _ int32) { x.starts[service+1]++ })
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	x.entries = make([]int32, x.starts[len(x.starts)-1])
	next := append([]int32(nil), x.starts...)
	each(func(service Ref, move int32) {
		x.entries[next[service]] = move
		next[service]++
	})
	return x
}

// OfKind calls yield for each entry of a kind counted at the date.
func (v *View) OfKind(kind Kind, yield func(index int, e Entry)) {
	for first, run := range v.entries.runs {
		for i := range run {
			if run[i].kind == kind && run[i].on <= v.AsAt {
				yield(first+i, v.Entry(first+i))
			}
		}
	}
}
