package forecast

import (
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Odds are what many draws of renewals, prices and delays come to.
type Odds struct {
	Seed     uint64
	Draws    int
	Share    money.Share // of its money of the first year, that a service may lose
	Years    []Spread
	Services []Chance // in order of id
}

// Spread is the gap of a year, after what is renewed in each draw: one draw in
// ten comes to P10 or less, half to P50 or less, nine in ten to P90 or less.
type Spread struct {
	Year          fiscal.Year
	P10, P50, P90 Figure
}

// Chance is how likely a service is to lose more than a share of the money it
// has in the first year, per cent: in each year, and in any of them. One draw in
// many is 1, and all but one is 99. Where the service's money is not all known,
// it is the chance of what is.
type Chance struct {
	Service string
	ByYear  []int
	Ever    int
	Known   bool
}

// drawsInBlock draws share a generator of their own, so that the same seed gives
// the same draws on any number of processors.
const drawsInBlock = 256

// MostDraws is how many draws may be asked for.
const MostDraws = 1_000_000

// Draw tries the years to come many times over. In each draw every award goes
// on, or does not, by its chance, for good; each price assumption is, for all
// years, as likely below what is assumed as above it, and anywhere between its
// least and its most; each renewal is late by any of its months. Where nothing
// is uncertain every draw is the projection after likely renewals.
func (p *Projection) Draw(seed uint64, draws int, share money.Share) *Odds {
	draws = max(1, min(draws, MostDraws))
	g := p.game(share)
	gaps := make([][]money.Pence, len(p.Years))
	for i := range gaps {
		gaps[i] = make([]money.Pence, draws)
	}
	lost := make([]int32, len(p.services)*(len(p.Years)+1))
	var next atomic.Int64
	var wait sync.WaitGroup
	var adding sync.Mutex
	for range max(1, min(runtime.GOMAXPROCS(0), (draws+drawsInBlock-1)/drawsInBlock)) {
		wait.Go(func() {
			t := g.table()
			for {
				block := int(next.Add(1)) - 1
				first := block * drawsInBlock
				if first >= draws {
					break
				}
				pcg := rand.NewPCG(seed, uint64(block))
				for draw := first; draw < min(first+drawsInBlock, draws); draw++ {
					t.draw(pcg)
					for i := range gaps {
						gaps[i][draw] = t.gap[i]
					}
				}
			}
			adding.Lock()
			defer adding.Unlock()
			for k, n := range t.lost {
				lost[k] += n
			}
		})
	}
	wait.Wait()
	return p.odds(seed, draws, share, gaps, lost)
}

func (p *Projection) odds(seed uint64, draws int, share money.Share, gaps [][]money.Pence, lost []int32) *Odds {
	o := &Odds{Seed: seed, Draws: draws, Share: share}
	for i, y := range p.Years {
		of := gaps[i]
		slices.Sort(of)
		rank := func(percent int) Figure {
			f := Figure{Amount: of[(draws*percent+99)/100-1]}
			switch at := p.totals[i][GapAfterLikely]; {
			case at.exact():
			case !at.open:
				f.State = AtMost
			case f.Amount == 0:
				f.State = NotKnown
			default:
				f.State = AtLeast
			}
			return f
		}
		o.Years = append(o.Years, Spread{y, rank(10), rank(50), rank(90)})
	}
	years := len(p.Years)
	for n := range p.services {
		c := Chance{Service: p.services[n].ID, ByYear: make([]int, years), Known: true}
		for i := range years {
			c.ByYear[i] = percentOf(int(lost[n*(years+1)+i]), draws)
			at := &p.services[n].cells[i]
			m := at.standing()
			c.Known = c.Known && m.exact() && at.likely.exact()
		}
		c.Ever = percentOf(int(lost[n*(years+1)+years]), draws)
		o.Services = append(o.Services, c)
	}
	return o
}

func percentOf(n, of int) int {
	percent := (200*n + of) / (2 * of)
	switch {
	case n > 0 && percent == 0:
		return 1
	case n < of && percent == 100:
		return 99
	}
	return percent
}

// game is the projection laid out for drawing.
type game struct {
	*Projection
	years  int
	prices []drawnPrice // those that may turn out otherwise
	rates  []int64      // of every price assumption, as assumed
	dear   []dearness   // what a cost's prices depend on, once for each
	awards []drawnAward // those that may go on or not
	turns  []int        // by award: its place among those drawn, never or always, and one; 0: not looked at

	cells  []drawnCell // by service and year
	comes  []drawnMoney
	starts []int         // of a service's comes
	fixed  []money.Pence // by year: short by itself, whatever is drawn
	lowest []bool        // by year: the gap is "at least", and counts what is certain
	match  []int         // awards drawn on which match depends
}

type drawnPrice struct {
	at             int // among the assumptions
	low, mid, high int64
}

// dearness is the compounded price of some costs, with the assumption that
// holds in each year after the base.
type dearness struct {
	from  []int // assumptions; −1: none
	fixed bool
	as    factor // where it is fixed
}

type drawnAward struct {
	award  int
	chance uint64
	low    int // months late, from low
	months int // and up to so many more
}

type drawnCell struct {
	cost   money.Pence // before prices
	more   money.Pence // pressures
	dear   int32
	skip   bool        // no gap can be told of it
	stands money.Pence // on it whatever is drawn
	floor  money.Pence // money below which it has lost more than the share
}

// drawnMoney is what a claim brings where its award goes on, by months late and
// year.
type drawnMoney struct {
	turn, also int // as in turns
	by         []money.Pence
}

// turn gives an award's place among those drawn.
func (g *game) turn(n int) int {
	if g.turns[n] != 0 {
		return g.turns[n] - 1
	}
	e := &g.Projection.awards[n]
	switch {
	case e.Chance <= 0:
		g.turns[n] = never + 1
	case e.Chance >= 100 && g.Assumptions.Delays[e.ID] == Delay{}:
		g.turns[n] = always + 1
	default:
		d := g.Assumptions.Delays[e.ID]
		a := drawnAward{award: n, chance: uint64(e.Chance), low: d.Low, months: d.High - d.Low}
		g.awards = append(g.awards, a)
		g.turns[n] = len(g.awards)
	}
	return g.turns[n] - 1
}

const (
	never  = -2
	always = -3
)

// game lays the projection out.
func (p *Projection) game(share money.Share) *game {
	n := len(p.services)
	g := &game{Projection: p, years: len(p.Years), turns: make([]int, len(p.awards)), cells: make([]drawnCell, n*len(p.Years)),
		starts: make([]int, 0, n+1), fixed: make([]money.Pence, len(p.Years)), lowest: make([]bool, len(p.Years))}
	for k, price := range p.Assumptions.Prices {
		low, mid, high := parts(price.Low), parts(price.Rate), parts(price.High)
		g.rates = append(g.rates, mid)
		if low != mid || high != mid {
			g.prices = append(g.prices, drawnPrice{k, min(low, mid), mid, max(high, mid)})
		}
	}
	for i := range p.Years {
		g.lowest[i] = p.totals[i][GapAfterLikely].open
		b := highest
		if g.lowest[i] {
			b = lowest
		}
		for k := range p.awards {
			g.fixed[i] += b.of(p.awards[k].years[i].over)
		}
		for _, row := range p.unassigned.pressures {
			g.fixed[i] += b.of(row.by[i])
		}
	}
	for k := range p.awards { // in order of id, so that no other order matters
		if e := &p.awards[k]; e.lastPut != 0 && !e.gone {
			g.turn(k)
		}
	}
	dear := map[priceKey]int32{}
	for k := range p.services {
		s := &p.services[k]
		first := money.Pence(0)
		for i, y := range p.Years {
			c, at := &s.cells[i], &g.cells[k*g.years+i]
			b, money := highest, lowest
			if g.lowest[i] {
				b, money = lowest, highest
			}
			m := c.standing()
			at.stands = money.of(m)
			at.skip = g.lowest[i] && m.open
			at.more = b.of(c.pressures)
			at.dear = -1
			if cost := &s.costs[i]; cost.state == costKnown {
				at.cost = cost.scaled(cost.net)
				if cost.base != 0 && !c.prices.open && at.cost > 0 {
					key := priceKey{strings.ToLower(strings.TrimSpace(s.CostType)), cost.base, y}
					place, met := dear[key]
					if !met {
						place = int32(len(g.dear))
						dear[key] = place
						g.dear = append(g.dear, p.dearness(key, g.prices))
					}
					if d := &g.dear[place]; d.fixed {
						at.cost = d.as.of(at.cost)
					} else {
						at.dear = place
					}
				}
			}
			if i == 0 {
				first = m.lo
			}
			at.floor = first - share.Of(max(first, 0)) + at.stands - m.lo
			if first <= 0 {
				at.floor = -1 << 62 // it has nothing to lose
			}
		}
		g.starts = append(g.starts, len(g.comes))
		for j := range s.claims {
			g.come(&s.claims[j], s)
		}
	}
	g.starts = append(g.starts, len(g.comes))
	if p.matches != nil {
		for _, n := range p.matches.involved {
			if turn := g.turn(n); turn >= 0 {
				g.match = append(g.match, turn)
			}
		}
	}
	return g
}

func (p *Projection) dearness(k priceKey, drawn []drawnPrice) dearness {
	d := dearness{fixed: true}
	f := scale
	for y := k.base + 1; y <= k.to; y++ {
		at := p.Assumptions.priceAt(k.costType, y)
		d.from = append(d.from, at)
		if at >= 0 {
			d.fixed = d.fixed && !slices.ContainsFunc(drawn, func(one drawnPrice) bool { return one.at == at })
			f = f.rise(parts(p.Assumptions.Prices[at].Rate))
		}
	}
	d.as = f
	return d
}

// come lays out what a claim may bring: what a secured successor reaches, by its
// award's chance, and what goes on, by its successor's chance too.
func (g *game) come(c *claim, s *service) {
	e := &g.Projection.awards[c.award]
	turn, d := g.turn(c.award), g.Assumptions.Delays[e.ID]
	if turn == never {
		return
	}
	reaches, some := drawnMoney{turn: turn, also: always}, false
	goes, more := drawnMoney{turn: turn, also: always}, false
	if c.also >= 0 {
		goes.also = g.turn(c.also)
	}
	for late := d.Low; late <= d.High; late++ {
		for i := range c.years {
			y := &c.years[i]
			reaches.by, some = append(reaches.by, y.heir), some || y.heir != 0
			amount := money.Pence(0)
			if bring, how := g.brings(s, c, i, late); how == goesOn || how == alsoGoesOn {
				amount = bring
			}
			if g.lowest[i] {
				amount += y.perhaps
			}
			goes.by, more = append(goes.by, amount), more || amount != 0
		}
	}
	if some {
		g.comes = append(g.comes, reaches)
	}
	if more && goes.also != never {
		g.comes = append(g.comes, goes)
	}
}

// table is where one worker draws.
type table struct {
	*game
	on     []bool // by turn
	late   []int  // by turn: months past the least
	rate   []int64
	dear60 []uint64 // by what prices depend on: how many times dearer, in parts of 2⁶⁰
	gap    []money.Pence
	has    []money.Pence
	lost   []int32
	met    map[string][]lacking // what lacks match, by what goes on
	key    []byte
}

// lacking is how much more or less a service has, for match, than stands.
type lacking struct {
	cell   int
	amount money.Pence
}

func (g *game) table() *table {
	t := &table{game: g, on: make([]bool, len(g.awards)), late: make([]int, len(g.awards)), rate: slices.Clone(g.rates), dear60: make([]uint64, len(g.dear)),
		gap: make([]money.Pence, g.years), has: make([]money.Pence, g.years), lost: make([]int32, len(g.services)*(g.years+1)), met: map[string][]lacking{}}
	return t
}

// below draws a whole number from 0 up to n.
func below(pcg *rand.PCG, n uint64) uint64 {
	high, _ := bits.Mul64(pcg.Uint64(), n)
	return high
}

// draw makes one draw.
func (t *table) draw(pcg *rand.PCG) {
	for k := range t.awards {
		a := &t.awards[k]
		t.on[k] = below(pcg, 100) < a.chance
		t.late[k] = 0
		if a.months > 0 {
			t.late[k] = int(below(pcg, uint64(a.months+1)))
		}
	}
	for _, price := range t.prices {
		from, to := price.low, price.mid
		if below(pcg, 2) == 1 {
			from, to = price.mid, price.high
		}
		t.rate[price.at] = from + int64(below(pcg, uint64(to-from+1)))
	}
	for k := range t.dear {
		if d := &t.dear[k]; !d.fixed {
			f := scale
			for _, at := range d.from {
				if at >= 0 {
					f = f.rise(t.rate[at])
				}
			}
			t.dear60[k] = f.binary()
		}
	}
	copy(t.gap, t.fixed)
	lacks := t.lacks()
	years := t.years
	for n := range t.services {
		cells := t.cells[n*years : (n+1)*years]
		for i := range cells {
			t.has[i] = cells[i].stands
		}
		for k := t.starts[n]; k < t.starts[n+1]; k++ {
			one := &t.comes[k]
			if !t.goesOn(one.turn) || !t.goesOn(one.also) {
				continue
			}
			by := one.by
			if one.turn >= 0 {
				by = by[t.late[one.turn]*years:]
			}
			for i := range t.has {
				t.has[i] += by[i]
			}
		}
		for len(lacks) > 0 && lacks[0].cell < (n+1)*years {
			t.has[lacks[0].cell-n*years] += lacks[0].amount
			lacks = lacks[1:]
		}
		ever := int32(0)
		for i := range cells {
			c := &cells[i]
			if t.has[i] < c.floor {
				t.lost[n*(years+1)+i]++
				ever = 1
			}
			if c.skip {
				continue
			}
			cost := c.cost
			if c.dear >= 0 {
				high, low := bits.Mul64(t.dear60[c.dear], uint64(cost))
				low, carry := bits.Add64(low, 1<<59, 0)
				cost = money.Pence((high+carry)<<4 | low>>60) // to a penny; the projection's own rounding would take most of the time
			}
			if short := cost + c.more - t.has[i]; short > 0 {
				t.gap[i] += short
			}
		}
		t.lost[n*(years+1)+years] += ever
	}
}

func (t *table) goesOn(turn int) bool { return turn == always || turn >= 0 && t.on[turn] }

// lacks gives how much more or less services have than stands, for match, where
// those awards go on that were drawn to.
func (t *table) lacks() []lacking {
	if t.matches == nil {
		return nil
	}
	t.key = t.key[:0]
	for _, turn := range t.match {
		one := byte('0')
		if t.on[turn] {
			one = '1'
		}
		t.key = append(t.key, one)
	}
	if of, met := t.met[string(t.key)]; met {
		return of
	}
	net := map[*claim][]money.Pence{}
	t.lack(func(award int) bool { return t.goesOn(t.turn(award)) }, func(c *claim, i int, lacks money.Pence) {
		if net[c] == nil {
			net[c] = make([]money.Pence, t.years)
		}
		net[c][i] -= lacks
	})
	var of []lacking
	for n := range t.services {
		s := &t.services[n]
		for i := range t.years {
			var sum money.Pence
			for k := range s.claims {
				c := &s.claims[k]
				sum += c.years[i].without
				if more := net[c]; more != nil {
					sum += more[i]
				}
			}
			if sum != 0 {
				of = append(of, lacking{n*t.years + i, sum})
			}
		}
	}
	t.met[string(t.key)] = of
	return of
}
