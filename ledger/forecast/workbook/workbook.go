package workbook

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// Options say whose workbook it is and in which language. Blank functions give
// English.
type Options struct {
	Title string
	Words func(key string) string          // the keys of English
	Say   func(sentence.Sentence) string   // what the forecast notes
	Name  func(register, id string) string // of services and awards; blank: the English name
	Date  func(fiscal.Date) string
}

func (o Options) complete() Options {
	if o.Words == nil {
		o.Words = func(key string) string { return English[key] }
	}
	if o.Say == nil {
		o.Say = sentence.Sentence.String
	}
	if o.Date == nil {
		o.Date = fiscal.Date.Long
	}
	if o.Name == nil {
		o.Name = func(string, string) string { return "" }
	}
	return o
}

// Write writes a projection of a view as a workbook. Money that may be renewed
// is counted as likely or not, whatever the projection weighs.
func Write(w io.Writer, v *ledger.View, p *forecast.Projection, o Options) error {
	if a := p.Assumptions; a.Weigh {
		a.Weigh = false
		p = p.With(a)
	}
	b := &book{View: v, p: p, Options: o.complete()}
	for _, s := range []struct {
		grid **grid
		word string
	}{{&b.assumptions, "assumptions"}, {&b.services, "services"}, {&b.money, "money"}, {&b.forecast, "forecast"}, {&b.changes, "changes"}, {&b.gaps, "gap-by-service"}, {&b.beside, "beside"}} {
		*s.grid = &grid{name: tab(b.Words(s.word))}
	}
	b.assume()
	b.cost()
	b.pay()
	b.standBeside()
	b.gapByService()
	b.mediumTerm()
	b.yearOnYear()
	return file(w, []*grid{b.assumptions, b.services, b.money, b.forecast, b.changes, b.gaps, b.beside}, b.Words,
		printed{head: strings.TrimPrefix(b.Title+" · ", " · ") + b.Words("as-at") + " " + b.Date(v.AsAt), page: b.Words("page"), of: b.Words("of")})
}

// book is a workbook in the making, and where each thing stands in it.
type book struct {
	*ledger.View
	p *forecast.Projection
	Options

	assumptions, services, money, forecast, changes, gaps, beside *grid

	firstYear  fiscal.Year              // of the price index
	indexRow   map[priceOf]int          // on Assumptions
	chanceRow  map[string]int           // by award, on Assumptions
	likelyFrom int                      // row on Assumptions
	bandRow    map[string]int           // by word, on Assumptions
	serviceRow map[string]int           // on Services
	moneyRows  map[string][2]int        // first and last on Money, by service
	besideRow  map[string][2]int        // first and last on Beside, by line
	pressures  map[string]int           // by service, on Beside
	gapTotals  int                      // row on Gap by service
	paid       map[string][]money.Pence // by word, of all services
	paidOn     map[string][]money.Pence // by service/word
	restRow    map[forecast.Line]int    // on Beside
	lineRow    map[forecast.Line]int    // on Forecast
}

// priceOf is what a cost's prices depend on.
type priceOf struct {
	costType string // blank: as all costs
	base     fiscal.Year
}

// headRows is how many rows every sheet but the first has above its rows.
const headRows = 4

func (b *book) head(g *grid, notes ...string) {
	g.add(cell{text: b.title(g), style: style{form: title}})
	g.add(text(strings.Join(notes, " ")))
	g.frozenRows = headRows
}

func (b *book) title(g *grid) string {
	if b.Title == "" {
		return g.name
	}
	return g.name + " · " + b.Title
}

func (b *book) headings(keys ...string) []cell {
	row := make([]cell, len(keys))
	for i, k := range keys {
		row[i] = cell{style: style{form: heading}}
		if k != "" {
			row[i].text = b.Words(k)
		}
	}
	return row
}

func (b *book) yearHeadings(years []fiscal.Year) []cell {
	row := make([]cell, len(years))
	for i, y := range years {
		row[i] = cell{text: y.String(), style: style{form: yearHeading}}
	}
	return row
}

func (b *book) nameOf(register, id string) string {
	if name := b.Name(register, id); name != "" {
		return name
	}
	if register == "awards" {
		return b.AwardName(id)
	}
	return b.ServiceName(id)
}

func figure(f forecast.Figure, formula string) cell {
	c := pence(f.Amount)
	c.formula = formula
	c.style.known = known(f.State)
	return c
}

func ruled(c cell) cell { return c.as(func(s *style) { s.strong, s.ruled = true, true }) }

// assume writes the first sheet: what a reader may change, and what was assumed.
func (b *book) assume() {
	g := b.assumptions
	b.indexRow, b.chanceRow, b.bandRow = map[priceOf]int{}, map[string]int{}, map[string]int{}
	keys := b.priceKeys()
	b.firstYear = b.p.From
	for _, k := range keys {
		b.firstYear = min(b.firstYear, k.base)
	}
	var years []fiscal.Year
	for y := b.firstYear; y <= b.p.Years[len(b.p.Years)-1]; y++ {
		years = append(years, y)
	}
	g.widths = append([]float64{60, 14}, widths(len(years)+1, 13)...)
	g.add(cell{text: b.title(g), style: style{form: title}})
	g.add(text(fmt.Sprintf("%s %s. %s %d.", b.Words("as-at"), b.Date(b.AsAt), b.Words("batch"), b.Sequence())))
	g.add(text(b.Words("change-these")))
	g.add(text(b.Words("sign-note")))
	g.add()

	g.add(slices.Concat(b.headings("prices-heading", "every-year"), b.yearHeadings(years), b.headings("source"))...)
	stated := map[string]map[fiscal.Year]forecast.Price{"": {}}
	for _, price := range b.p.Assumptions.Prices {
		t := strings.ToLower(price.CostType)
		if stated[t] == nil {
			stated[t] = map[fiscal.Year]forecast.Price{}
		}
		stated[t][price.Year] = price
	}
	priceRow := map[string]int{}
	for _, t := range inOrderOf(stated) {
		row := len(g.rows) + 1
		priceRow[t] = row
		cells := []cell{text(cmp.Or(t, b.Words("all-costs")))}
		every, everyYear := stated[t][0]
		if everyYear || t == "" {
			cells = append(cells, rate(every))
		} else {
			cells = append(cells, cell{})
		}
		var sources []string
		if every.Source != "" {
			sources = append(sources, every.Source)
		}
		for i, y := range years {
			price, particular := stated[t][y]
			switch {
			case y == b.firstYear:
				cells = append(cells, cell{}) // nothing is dearer than in its own year
			case particular:
				cells = append(cells, rate(price))
				if price.Source != "" {
					sources = append(sources, price.Source)
				}
			case everyYear || t == "":
				cells = append(cells, cell{formula: "$B" + fmt.Sprint(row), number: every.Rate.Decimal().String(), style: style{form: percent}})
			default:
				above := at(2+i, priceRow[""])
				cells = append(cells, cell{formula: above, number: b.allRate(stated[""], y), style: style{form: percent}})
			}
		}
		g.add(append(cells, text(strings.Join(slices.Compact(sources), "; ")))...)
	}
	g.add()

	g.add(slices.Concat(b.headings("index-heading", "prices-of"), b.yearHeadings(years))...)
	for _, k := range keys {
		row := len(g.rows) + 1
		b.indexRow[k] = row
		cells := []cell{text(cmp.Or(k.costType, b.Words("all-costs"))), text(k.base.String())}
		for i, y := range years {
			one := cell{number: "1", style: style{form: index}}
			if y > k.base {
				one.formula = fmt.Sprintf("%s*(1+%s)", at(1+i, row), at(2+i, priceRow[k.costType]))
				one.number = ""
			}
			cells = append(cells, one)
		}
		g.add(cells...)
	}
	g.add()

	g.add(b.headings("renewal-heading", "chance", "ends")...)
	from := b.p.Assumptions.LikelyFrom
	if from == 0 {
		from = 50
	}
	b.likelyFrom = g.add(text(b.Words("likely-from")), percentage(from))
	for _, a := range b.p.Awards {
		if !a.Last.IsZero() && !a.Lasting {
			b.chanceRow[a.ID] = g.add(text(b.nameOf("awards", a.ID)), percentage(a.Chance), text(b.Date(a.Last)))
		}
	}
	g.add()

	g.add(b.headings("counts-heading")...)
	for _, word := range bandWords {
		b.bandRow[word] = g.add(text(b.Words(word)))
	}
	if len(b.p.Notes) > 0 {
		g.add()
		g.add(b.headings("notes-heading")...)
		for _, n := range b.p.Notes {
			g.add(text(b.Say(n)))
		}
	}
}

// The words for what money counts as, by the keys of English.
const (
	bandSecured   = "band-secured"
	bandCore      = "band-core"
	bandSuccessor = "band-successor"
	bandLikely    = "band-likely"
	bandUnlikely  = "band-unlikely"
	bandUnsecured = "band-unsecured"
	bandUnmatched = "band-without-match"
)

var bandWords = []string{bandSecured, bandCore, bandSuccessor, bandLikely, bandUnlikely, bandUnsecured, bandUnmatched}

func bandOf(m forecast.Money) string {
	switch m.Band {
	case forecast.BandSecured:
		if m.Lasting {
			return bandCore
		}
		return bandSecured
	case forecast.BandSecuredSuccessor:
		return bandSuccessor
	case forecast.BandLikely:
		return bandLikely
	case forecast.BandUnlikely:
		return bandUnlikely
	case forecast.BandWithoutMatch:
		return bandUnmatched
	}
	return bandUnsecured
}

func inOrderOf[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func widths(n int, each float64) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = each
	}
	return w
}

func rate(p forecast.Price) cell {
	return cell{number: p.Rate.Decimal().String(), style: style{form: percent, entered: true}}
}

func (b *book) allRate(stated map[fiscal.Year]forecast.Price, y fiscal.Year) string {
	if p, particular := stated[y]; particular {
		return p.Rate.Decimal().String()
	}
	return stated[0].Rate.Decimal().String()
}

func percentage(n int) cell {
	return cell{number: fmt.Sprint(n), style: style{form: chance, entered: true}}
}

// priceKey says what a service's prices depend on; cash depends on none.
func (b *book) priceKey(id string) (k priceOf, cash bool) {
	s, _ := b.Service(id)
	k.base = b.p.From
	switch base := strings.TrimSpace(s.PriceBase); {
	case strings.EqualFold(base, "cash"):
		return k, true
	case base != "":
		if y, err := fiscal.ParseYear(base); err == nil {
			k.base = y
		}
	}
	costType := strings.ToLower(strings.TrimSpace(s.CostType))
	for _, price := range b.p.Assumptions.Prices {
		if price.CostType != "" && strings.EqualFold(price.CostType, costType) {
			k.costType = costType
		}
	}
	return k, false
}

func (b *book) priceKeys() []priceOf {
	keys := []priceOf{{base: b.p.From}}
	for _, s := range b.p.Services {
		if k, cash := b.priceKey(s.ID); !cash && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(x, y priceOf) int {
		return cmp.Or(cmp.Compare(x.costType, y.costType), cmp.Compare(x.base, y.base))
	})
	return keys
}

// serviceColumns are those before the years of Services.
const serviceColumns = 5

// cost writes what services cost: as stated, what prices add, and both.
func (b *book) cost() {
	g, n := b.services, len(b.p.Years)
	b.serviceRow = map[string]int{}
	g.widths = append([]float64{20, 34, 14, 12, 10}, widths(3*n, 14)...)
	g.frozenColumns = 2
	b.head(g, b.Words("sign-note"))
	blocks := append(pad(serviceColumns), b.headings("cost-in")...)
	blocks = append(blocks, b.blanks(n-1)...)
	blocks = append(append(blocks, b.headings("prices-add")...), b.blanks(n-1)...)
	blocks = append(append(blocks, b.headings("with-prices")...), b.blanks(n-1)...)
	g.add(blocks...)
	years := b.yearHeadings(b.p.Years)
	g.add(slices.Concat(b.headings("id", "service", "cost-type", "price-base", "statutory"), years, years, years)...)
	first, last := headRows+2, headRows+1+len(b.p.Services)
	totals := []cell{strong(b.Words("all-services")), {}, {}, {}, {}}
	for block, line := range []forecast.Line{forecast.Cost, forecast.Prices, forecast.TotalCost} {
		for i, y := range b.p.Years {
			f := b.p.Total(line, y)
			if line == forecast.TotalCost {
				f = plus(b.p.Total(forecast.Cost, y), b.p.Total(forecast.Prices, y))
			}
			column := serviceColumns + block*n + i
			totals = append(totals, ruled(figure(f, sum(column, first, last))))
		}
	}
	g.add(totals...)
	for _, s := range b.p.Services {
		row := len(g.rows) + 1
		b.serviceRow[s.ID] = row
		of, _ := b.Service(s.ID)
		key, cash := b.priceKey(s.ID)
		base, duty := key.base.String(), ""
		if cash {
			base = b.Words("cash")
		}
		if s.Statutory {
			duty = b.Words("yes")
		}
		line := []cell{text(s.ID), text(b.nameOf("services", s.ID)), text(of.CostType), text(base), text(duty)}
		for _, y := range b.p.Years {
			f := b.p.Of(s.ID, forecast.Cost, y)
			if f.State == forecast.NotKnown {
				line = append(line, text(b.Words("not-known")))
				continue
			}
			line = append(line, figure(f, ""))
		}
		for i, y := range b.p.Years {
			f, own := b.p.Of(s.ID, forecast.Prices, y), at(serviceColumns+i, row)
			switch {
			case cash:
				line = append(line, figure(f, ""))
			case b.p.Of(s.ID, forecast.Cost, y).State == forecast.NotKnown:
				line = append(line, text(b.Words("not-known")))
			default:
				times := b.assumptions.on(at(2+int(y-b.firstYear), b.indexRow[key]))
				if b.p.Of(s.ID, forecast.Cost, y).Amount < 0 { // what earns more than it costs gains nothing by prices
					own = "MAX(0," + own + ")"
				}
				line = append(line, figure(f, fmt.Sprintf("ROUND(ROUND(%s*%s,2)-%s,2)", own, times, own)))
			}
		}
		for i, y := range b.p.Years {
			f := plus(b.p.Of(s.ID, forecast.Cost, y), b.p.Of(s.ID, forecast.Prices, y))
			line = append(line, figure(f, fmt.Sprintf("SUM(%s,%s)", at(serviceColumns+i, row), at(serviceColumns+n+i, row))))
		}
		g.add(line...)
	}
}

// plus adds two figures of one kind.
func plus(f, g forecast.Figure) forecast.Figure {
	sum := forecast.Figure{Amount: f.Amount + g.Amount, State: max(f.State, g.State)}
	if sum.State == forecast.NotKnown && sum.Amount != 0 {
		sum.State = forecast.AtLeast
	}
	return sum
}

func (b *book) blanks(n int) []cell {
	row := make([]cell, n)
	for i := range row {
		row[i].style.form = heading
	}
	return row
}

// sum is the formula of a column's total; of no rows, nought.
func sum(column, first, last int) string {
	if last < first {
		return "0"
	}
	return fmt.Sprintf("SUM(%s:%s)", at(column, first), at(column, last))
}

// moneyColumns are those before the years of Money.
const moneyColumns = 6

// pay writes who pays for what: a row for each award, service and what the
// money counts as, a service's rows together.
func (b *book) pay() {
	g, n := b.money, len(b.p.Years)
	b.moneyRows = map[string][2]int{}
	g.widths = append([]float64{20, 34, 20, 30, 14, 20}, widths(n, 15)...)
	g.frozenColumns = 4
	b.head(g, b.Words("sign-note"))
	g.add()
	g.add(append(b.headings("id", "service", "id", "award", "ends", "counts-as"), b.yearHeadings(b.p.Years)...)...)
	type key struct{ award, band string }
	type row struct {
		key
		amounts []money.Pence
		atLeast []bool
	}
	all := map[fiscal.Year]money.Pence{}
	b.paid, b.paidOn = map[string][]money.Pence{}, map[string][]money.Pence{}
	for _, word := range bandWords {
		b.paid[word] = make([]money.Pence, n)
	}
	var rows [][]cell
	first := headRows + 2
	for _, s := range b.p.Services {
		at1 := map[key]*row{}
		var mine []*row
		for _, m := range s.Money {
			i := int(m.Year - b.p.From)
			if i < 0 || i >= n {
				continue
			}
			k := key{m.Award, bandOf(m)}
			r := at1[k]
			if r == nil {
				r = &row{k, make([]money.Pence, n), make([]bool, n)}
				at1[k] = r
				mine = append(mine, r)
			}
			r.amounts[i] += m.Amount
			r.atLeast[i] = r.atLeast[i] || m.AtLeast
			all[m.Year] += m.Amount
			b.paid[k.band][i] += m.Amount
			if b.paidOn[s.ID+"/"+k.band] == nil {
				b.paidOn[s.ID+"/"+k.band] = make([]money.Pence, n)
			}
			b.paidOn[s.ID+"/"+k.band][i] += m.Amount
		}
		slices.SortStableFunc(mine, func(x, y *row) int {
			return cmp.Or(cmp.Compare(slices.Index(bandWords, x.band), slices.Index(bandWords, y.band)), cmp.Compare(x.award, y.award))
		})
		if len(mine) == 0 {
			continue
		}
		b.moneyRows[s.ID] = [2]int{first + len(rows), first + len(rows) + len(mine) - 1}
		for _, r := range mine {
			a, _ := b.p.Award(r.award)
			ends := ""
			if !a.Last.IsZero() {
				ends = b.Date(a.Last)
			}
			line := []cell{text(s.ID), text(b.nameOf("services", s.ID)), text(r.award), text(b.nameOf("awards", r.award)), text(ends), b.counts(a, r.band)}
			for i := range n {
				c := pence(r.amounts[i])
				if r.atLeast[i] {
					c.style.known = atLeast
				}
				line = append(line, c)
			}
			rows = append(rows, line)
		}
	}
	totals := append([]cell{strong(b.Words("total"))}, pad(moneyColumns-1)...)
	for i, y := range b.p.Years {
		c := pence(all[y])
		c.formula = sum(moneyColumns+i, first, headRows+1+len(rows))
		totals = append(totals, ruled(c))
	}
	g.add(totals...)
	for _, line := range rows {
		g.add(line...)
	}
}

// counts says what a row of money counts as. What may be renewed follows its
// award's chance on the first sheet.
func (b *book) counts(a forecast.Award, band string) cell {
	row, ends := b.chanceRow[a.ID]
	if (band == bandLikely) != a.Likely || band != bandLikely && band != bandUnlikely || !ends {
		return text(b.Words(band))
	}
	on := func(column, row int) string { return b.assumptions.on(fixed(column, row)) }
	return cell{text: b.Words(band), formula: fmt.Sprintf("IF(%s>=%s,%s,%s)", on(1, row), on(1, b.likelyFrom), on(0, b.bandRow[bandLikely]), on(0, b.bandRow[bandUnlikely]))}
}

// counted gives the formulas of a service's money in a year, by what it counts
// as; none where nobody pays.
func (b *book) counted(service string, year int, bands []string) (formulas []string) {
	rows, paid := b.moneyRows[service]
	if !paid {
		return nil
	}
	column := func(c int) string {
		return b.money.on(fmt.Sprintf("%s:%s", at(c, rows[0]), at(c, rows[1])))
	}
	for _, band := range bands {
		formulas = append(formulas, fmt.Sprintf("SUMIFS(%s,%s,%s)", column(moneyColumns+year), column(moneyColumns-1), b.assumptions.on(fixed(0, b.bandRow[band]))))
	}
	return formulas
}

func (b *book) paidFor(service, band string, year int) money.Pence {
	if of := b.paidOn[service+"/"+band]; of != nil {
		return of[year]
	}
	return 0
}

// difference is the formula of what some cells have beyond others; it never
// goes below nought.
func difference(of, less []string) string {
	if len(of) == 0 {
		return "0"
	}
	return fmt.Sprintf("ROUND(MAX(0,%s),2)", strings.Join(append([]string{strings.Join(of, "+")}, less...), "-"))
}

// besideLines are the lines that no other sheet makes.
var besideLines = []forecast.Line{forecast.Pressures, forecast.OverAllocated, forecast.SavingsFound, forecast.UnallocatedGoingOn, forecast.UnallocatedEnding,
	forecast.SecuredSuccessor, forecast.Unsecured, forecast.Proposed, forecast.WithoutMatch, forecast.ExitCost}

const besideColumns = 3

// standBeside writes what stands beside the services' cost and money, by line:
// what each service has of it, and the rest, which no service has.
func (b *book) standBeside() {
	g, n := b.beside, len(b.p.Years)
	b.besideRow, b.pressures = map[string][2]int{}, map[string]int{}
	g.widths = append([]float64{44, 20, 44}, widths(n, 15)...)
	g.frozenColumns = 3
	b.head(g, b.Words("sign-note"))
	g.add()
	g.add(append(b.headings("line", "id", "what"), b.yearHeadings(b.p.Years)...)...)
	for _, l := range besideLines {
		first := len(g.rows) + 1
		for _, s := range b.p.Services {
			cells := []cell{text(b.word(l)), text(s.ID), text(b.nameOf("services", s.ID))}
			some := false
			for _, y := range b.p.Years {
				f := b.p.Of(s.ID, l, y)
				some = some || f != forecast.Figure{}
				cells = append(cells, figure(f, ""))
			}
			if some {
				row := g.add(cells...)
				if l == forecast.Pressures {
					b.pressures[s.ID] = row
				}
			}
		}
		b.addAwards(l)
		if last := len(g.rows); last >= first {
			b.besideRow[l.String()] = [2]int{first, last}
		}
	}
}

// addAwards adds what a line has beyond its services, by award.
func (b *book) addAwards(l forecast.Line) {
	n := len(b.p.Years)
	of := map[string][]money.Pence{}
	some := false
	for i, y := range b.p.Years {
		rest := b.p.Total(l, y).Amount
		for _, s := range b.p.Services {
			rest -= b.p.Of(s.ID, l, y).Amount
		}
		for _, part := range b.p.Explain(l, "", y) {
			if part.Register == "awards" && part.Column == y.String() && part.Amount != 0 {
				b.amountOf(of, part.ID)[i] += part.Amount
				rest -= part.Amount
			}
		}
		if rest != 0 {
			b.amountOf(of, "")[i] = rest
		}
		some = some || b.p.Total(l, y).State != forecast.Exact
	}
	if some && len(of) == 0 {
		b.amountOf(of, "")
	}
	for _, id := range inOrderOf(of) {
		cells := []cell{text(b.word(l)), text(id), text(b.Words("no-service"))}
		if id != "" {
			cells[2] = text(b.nameOf("awards", id))
		}
		for i := range n {
			cells = append(cells, pence(of[id][i]))
		}
		b.beside.add(cells...)
	}
}

func (b *book) amountOf(of map[string][]money.Pence, id string) []money.Pence {
	if of[id] == nil {
		of[id] = make([]money.Pence, len(b.p.Years))
	}
	return of[id]
}

// rest is what a figure of the medium-term table has beyond what its formula
// makes: over-allocation that would go on with an award, and the ends of what is
// not known. It stands on Beside, and ends the formula; mostly there is none.
func (b *book) rest(l forecast.Line, i int, made money.Pence) string {
	f := b.p.Total(l, b.p.Years[i])
	if f.State == forecast.NotKnown || f.Amount == made {
		return ""
	}
	row, met := b.restRow[l]
	if !met {
		cells := []cell{text(b.word(l)), {}, text(b.Words("not-of-services"))}
		for range b.p.Years {
			cells = append(cells, pence(0))
		}
		row = b.beside.add(cells...)
		b.restRow[l] = row
	}
	b.beside.rows[row-1][besideColumns+i] = pence(f.Amount - made)
	return "+" + b.beside.on(at(besideColumns+i, row))
}

func (b *book) word(l forecast.Line) string { return b.Words("line-" + l.String()) }

// besideSum is the formula of a line that stands on Beside.
func (b *book) besideSum(l forecast.Line, year int) string {
	rows, some := b.besideRow[l.String()]
	if !some {
		return "0"
	}
	column := besideColumns + year
	return fmt.Sprintf("SUM(%s)", b.beside.on(at(column, rows[0])+":"+at(column, rows[1])))
}

// gapColumns are those before the years of Gap by service.
const gapColumns = 3

// gapByService writes each service's gap before and after likely renewals, and
// what it holds beyond its cost.
func (b *book) gapByService() {
	g, n := b.gaps, len(b.p.Years)
	g.widths = append([]float64{20, 34, 10}, widths(3*n, 14)...)
	g.frozenColumns = 2
	b.head(g, b.Words("sign-note"))
	g.add(slices.Concat(pad(gapColumns), b.headings("gap-heading"), b.blanks(n-1), b.headings("after-heading"), b.blanks(n-1), b.headings("line-surplus"), b.blanks(n-1))...)
	years := b.yearHeadings(b.p.Years)
	g.add(slices.Concat(b.headings("id", "service", "statutory"), years, years, years)...)
	lines := []forecast.Line{forecast.Gap, forecast.GapAfterLikely, forecast.Surplus}
	first, last := headRows+3, headRows+2+len(b.p.Services)
	b.gapTotals = headRows + 1
	totals := []cell{strong(b.Words("all-services")), {}, {}}
	short := []cell{strong(b.Words("short")), {}, {}}
	for block, l := range lines {
		for i, y := range b.p.Years {
			column := gapColumns + block*n + i
			var all forecast.Figure
			count := 0
			for _, s := range b.p.Services {
				f := b.p.Of(s.ID, l, y)
				all = plus(all, f)
				if f.Amount > 0 {
					count++
				}
			}
			totals = append(totals, ruled(figure(all, sum(column, first, last))))
			if l == forecast.Surplus {
				continue
			}
			formula := "0"
			if last >= first {
				formula = fmt.Sprintf("COUNTIF(%s:%s,%s)", at(column, first), at(column, last), quoted(">0"))
			}
			short = append(short, cell{number: fmt.Sprint(count), formula: formula, style: style{form: whole, strong: true}})
		}
	}
	g.add(totals...)
	g.add(short...)
	for _, s := range b.p.Services {
		duty := ""
		if s.Statutory {
			duty = b.Words("yes")
		}
		line := []cell{text(s.ID), text(b.nameOf("services", s.ID)), text(duty)}
		for _, l := range lines {
			for i, y := range b.p.Years {
				f := b.p.Of(s.ID, l, y)
				if f.State == forecast.NotKnown { // no price makes it known
					line = append(line, text(b.Words("not-known")))
					continue
				}
				cost := []string{b.services.on(at(serviceColumns+2*n+i, b.serviceRow[s.ID]))}
				if row, pressed := b.pressures[s.ID]; pressed {
					cost = append(cost, b.beside.on(at(besideColumns+i, row)))
				}
				bands := []string{bandSecured, bandCore}
				if l == forecast.GapAfterLikely {
					bands = append(bands, bandLikely, bandSuccessor)
				}
				paid := b.counted(s.ID, i, bands)
				more := b.p.Of(s.ID, forecast.TotalCost, y).Amount
				for _, band := range bands {
					more -= b.paidFor(s.ID, band, i)
				}
				of, less := cost, paid
				if l == forecast.Surplus {
					of, less, more = paid, cost, -more
				}
				switch beyond := more - f.Amount; { // what else there is, or is not, that nobody knows
				case max(0, more) == f.Amount:
				case beyond > 0:
					less = append(less, beyond.String())
				default:
					of = append(of, (-beyond).String())
				}
				formula := difference(of, less)
				line = append(line, figure(f, formula))
			}
		}
		g.add(line...)
	}
}

// mediumTerm writes the medium-term table.
func (b *book) mediumTerm() {
	g, n := b.forecast, len(b.p.Years)
	b.lineRow, b.restRow = map[forecast.Line]int{}, map[forecast.Line]int{}
	g.widths = append([]float64{50}, widths(n, 17)...)
	g.frozenColumns = 1
	b.head(g, b.Words("sign-note"))
	g.add()
	g.add(append([]cell{{text: "£", style: style{form: heading}}}, b.yearHeadings(b.p.Years)...)...)
	here := func(l forecast.Line, i int) string { return at(1+i, b.lineRow[l]) }
	allMoney := func(band string, i int) string {
		column := func(c int) string {
			return b.money.on(fmt.Sprintf("$%s$%d:$%s$%d", letters(c), headRows+2, letters(c), max(len(b.money.rows), headRows+2)))
		}
		return fmt.Sprintf("SUMIFS(%s,%s,%s)", column(moneyColumns+i), column(moneyColumns-1), b.assumptions.on(fixed(0, b.bandRow[band])))
	}
	add := func(l forecast.Line, strong bool, formula func(i int) string) {
		b.lineRow[l] = len(g.rows) + 1
		cells := []cell{text(b.word(l)).as(func(s *style) { s.strong, s.ruled = strong, strong })}
		for i, y := range b.p.Years {
			c := figure(b.p.Total(l, y), formula(i))
			if strong {
				c = ruled(c)
			}
			cells = append(cells, c)
		}
		g.add(cells...)
	}
	beside := func(l forecast.Line) {
		add(l, false, func(i int) string { return b.besideSum(l, i) })
	}
	gaps := func(block int) func(int) string {
		return func(i int) string { return b.gaps.on(at(gapColumns+block*n+i, b.gapTotals)) }
	}
	row := func(block int) func(int) string {
		return func(i int) string { return b.services.on(at(serviceColumns+block*n+i, headRows+1)) }
	}
	over := func(i int) string { return b.besideSum(forecast.OverAllocated, i) }
	services := func(l forecast.Line, i int) (all money.Pence) {
		for _, s := range b.p.Services {
			all += b.p.Of(s.ID, l, b.p.Years[i]).Amount
		}
		return all
	}
	total := func(l forecast.Line, i int) money.Pence { return b.p.Total(l, b.p.Years[i]).Amount }
	add(forecast.Cost, false, row(0))
	add(forecast.Prices, false, row(1))
	beside(forecast.Pressures)
	add(forecast.TotalCost, true, func(i int) string {
		return fmt.Sprintf("SUM(%s:%s)", here(forecast.Cost, i), here(forecast.Pressures, i))
	})
	add(forecast.Secured, false, func(i int) string {
		return allMoney(bandSecured, i) + "-" + over(i) + b.rest(forecast.Secured, i, b.paid[bandSecured][i]-total(forecast.OverAllocated, i))
	})
	add(forecast.Core, false, func(i int) string {
		return allMoney(bandCore, i) + b.rest(forecast.Core, i, b.paid[bandCore][i])
	})
	add(forecast.Surplus, false, gaps(2))
	add(forecast.Gap, true, func(i int) string {
		return gaps(0)(i) + "+" + over(i) + b.rest(forecast.Gap, i, services(forecast.Gap, i)+total(forecast.OverAllocated, i))
	})
	add(forecast.Likely, false, func(i int) string {
		return allMoney(bandLikely, i) + "+" + allMoney(bandSuccessor, i) + b.rest(forecast.Likely, i, b.paid[bandLikely][i]+b.paid[bandSuccessor][i])
	})
	add(forecast.GapAfterLikely, true, func(i int) string {
		return gaps(1)(i) + "+" + over(i) + b.rest(forecast.GapAfterLikely, i, services(forecast.GapAfterLikely, i)+total(forecast.OverAllocated, i))
	})
	beside(forecast.SavingsFound)
	add(forecast.SavingsNotFound, true, func(i int) string {
		return fmt.Sprintf("ROUND(MAX(0,%s-%s),2)", here(forecast.GapAfterLikely, i), here(forecast.SavingsFound, i)) +
			b.rest(forecast.SavingsNotFound, i, max(0, total(forecast.GapAfterLikely, i)-total(forecast.SavingsFound, i)))
	})
	for _, l := range besideLines {
		if l != forecast.Pressures && l != forecast.SavingsFound {
			beside(l)
		}
	}
}

// yearOnYear writes the same table as changes on the year before.
func (b *book) yearOnYear() {
	g := b.changes
	g.widths = append([]float64{50}, widths(len(b.p.Years), 17)...)
	g.frozenColumns = 1
	b.head(g, b.Words("changes-note"), b.Words("sign-note"))
	g.add()
	g.add(append([]cell{{text: "£", style: style{form: heading}}}, b.yearHeadings(b.p.Years)...)...)
	for row := headRows + 1; row <= len(b.forecast.rows); row++ {
		from := b.forecast.rows[row-1]
		cells := []cell{from[0]}
		var line forecast.Line
		for l, at := range b.lineRow {
			if at == row {
				line = l
			}
		}
		for i, y := range b.p.Years {
			formula := b.forecast.on(at(1+i, row))
			if i > 0 {
				formula += "-" + b.forecast.on(at(i, row))
			}
			c := figure(b.p.Change(line, y), formula)
			c.style.strong, c.style.ruled = from[1+i].style.strong, from[1+i].style.ruled
			cells = append(cells, c)
		}
		g.add(cells...)
	}
}
