package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/seed"
)

// upload sends a file with the form's other fields.
func (b *browser) upload(path, name string, data []byte, fields url.Values) *page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, values := range fields {
		for _, v := range values {
			if err := w.WriteField(field, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			b.t.Fatal(err)
		}
		part.Write(data)
	}
	w.Close()
	r, err := http.NewRequest(http.MethodPost, b.site.URL+"/"+b.lang+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

// month9 is 500 payments of December: row 17 names a service that is not there,
// row 203 an amount that is none.
func month9() (file []byte, sum money.Pence) {
	var out bytes.Buffer
	out.WriteString("id,date,amount,award,service,reference\n")
	services := []string{"Family support hubs", "Parenting programme", "Young carers"}
	awards := []string{"core", "flying-start", "core"}
	for i := range 500 {
		row := i + 2
		service, amount := services[i%3], fmt.Sprintf("%d.%02d", 10+i, i%100)
		switch row {
		case 17:
			service = "Youth pannels"
		case 203:
			amount = "about forty"
		default:
			sum += money.Pence((10+i)*100 + i%100)
		}
		fmt.Fprintf(&out, "m9-%03d,2026-12-31,%s,%s,%s,inv %d\n", i, amount, awards[i%3], service, i)
	}
	return out.Bytes(), sum
}

func (s *site) spend() money.Pence { return spendIn(s.book(), fiscal.YearOf(s.web.Today())) }

// Check 16: both bad rows are named, nothing is saved before it is confirmed,
// 498 import, the difference shows, one Undo removes all 498.
func TestImportOfAMonth(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	before, batches := s.spend(), s.book().Sequence()
	if before != 2741300_00 {
		t.Fatalf("the demo spends %v", before)
	}
	file, sum := month9()
	fin.get("/import").is(http.StatusOK).says("What do you want to load into Braid?", "Last imports").silent("month9.csv")
	p := fin.upload("/import", "month9.csv", file, url.Values{"register": {"payments"}}).is(http.StatusOK)
	p.says("What will happen if you import month9.csv?", "498 rows are ready. 2 rows need fixing. Nothing is saved yet.", "There is a problem",
		"Row 17", "Youth pannels", "Youth inclusion panels", "Row 203", "about forty", "Import 498 rows", (before + sum).Exact())
	if s.book().Sequence() != batches {
		t.Fatal("something was saved before it was confirmed")
	}
	at := p.url.Path
	fin.in("cy").get(strings.TrimPrefix(at, "/en")).is(http.StatusOK).says("Mae 498 rhes yn barod.", "Mae angen trwsio 2 res.", "Mewnforio 498 rhes", "Ai Youth inclusion panels")
	s.as("owen").get(strings.TrimPrefix(at, "/en")).is(http.StatusNotFound)
	s.as("priya").get(strings.TrimPrefix(at, "/en")).is(http.StatusNotFound)

	p = fin.submit(p, at, url.Values{"step": {"compare"}, "system": {"x1"}}).is(http.StatusUnprocessableEntity)
	p.says("Amount must be a number")
	p = fin.submit(p, at, url.Values{"step": {"compare"}, "system": {(before + sum).Exact()}}).is(http.StatusOK)
	p.says("Difference (Braid less finance system) £0.00: Braid agrees with the finance system")
	system := before + sum + 9150_00
	p = fin.submit(p, at, url.Values{"step": {"compare"}, "system": {system.Exact()}}).is(http.StatusOK).says("Difference (Braid less finance system) −£9,150.00")
	fin.get("/import").says("Waiting for you", "month9.csv")

	p = fin.submit(p, at, url.Values{"step": {"import"}, "system": {system.Exact()}}).is(http.StatusOK)
	p.says("498 rows imported.", "498 rows were imported. 2 rows were left out.", (before + sum).Exact(), "−£9,150.00", "Undo the whole import")
	if got := s.spend(); got != before+sum || s.book().Sequence() != batches+1 {
		t.Fatalf("spend is %v, not %v, in %d batches", got, before+sum, s.book().Sequence())
	}
	head, _ := s.book().Head(batches + 1)
	if head.Source != "month9.csv" || head.Reason != "Import of month9.csv" || head.Author != "Fiona Walsh" || head.Role != "finance" {
		t.Errorf("head %+v", head)
	}
	// the same again: by the form, and by the file
	if again := fin.post(at, url.Values{"step": {"import"}}); again.status != http.StatusOK || s.book().Sequence() != batches+1 {
		t.Errorf("sent again: %d, %d batches", again.status, s.book().Sequence())
	}
	same := strings.ReplaceAll(strings.ReplaceAll(string(file), "Youth pannels", "Youth inclusion panels"), "about forty", "1")
	lines := strings.Split(same, "\n")
	same = strings.Join(append(append(lines[:16:16], lines[17:202]...), lines[203:]...), "\n")
	fin.upload("/import", "payments.csv", []byte(same), nil).is(http.StatusOK).says("Already imported: all 498 rows are as they stand. Nothing would change.").silent("Import 498")
	fin.get("/import").says("month9.csv")

	fin.submit(fin.get(strings.TrimPrefix(at, "/en")), "/undo", nil).is(http.StatusOK).says("Change 2 was undone.").silent("records without money")
	if got := s.spend(); got != before {
		t.Errorf("after undo the spend is %v, was %v", got, before)
	}
	fin.get(strings.TrimPrefix(at, "/en")).says("This import was undone by change 3.").silent("Undo the whole import")
	fin.get("/import").says("Last imports", "month9.csv")
	// undone, the file is new again
	fin.upload("/import", "payments.csv", []byte(same), nil).is(http.StatusOK).says("Import 498 rows")
}

// Bad cells are put right in place; what is offered counts only when taken.
func TestImportPutsRightInPlace(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	file, _ := month9()
	p := fin.upload("/import", "month9.csv", file, url.Values{"register": {"payments"}}).is(http.StatusOK)
	at := p.url.Path
	fields := url.Values{"fix.17.service": {"Youth inclusion panels"}, "fix.203.amount": {"about forty"}}
	for name := range fields {
		if !strings.Contains(p.body, `name="`+name+`"`) {
			t.Errorf("no field %s", name)
		}
	}
	if !strings.Contains(p.body, `value="Youth inclusion panels"`) {
		t.Error("the nearest name is not offered")
	}
	aside := fin.get(strings.TrimPrefix(at, "/en") + "/aside.xlsx")
	if aside.status != http.StatusOK || !strings.HasPrefix(aside.body, "PK") {
		t.Errorf("the rows left out: %d", aside.status)
	}
	// row 203 is mended while importing: look again first
	fields.Set("fix.203.amount", "40")
	fields.Set("step", "import")
	p = fin.submit(p, at, fields).is(http.StatusUnprocessableEntity).says("What you put right has been taken in.", "499 rows are ready. 1 row needs fixing.")
	p = fin.submit(p, at, url.Values{"step": {"fix"}, "fix.17.service": {"Youth inclusion panels"}}).is(http.StatusOK)
	p.says("500 rows are ready. Nothing is saved yet.").silent("There is a problem")
	fin.submit(p, at, url.Values{"step": {"import"}}).is(http.StatusOK).says("500 rows were imported.").silent("left out")
}

// What a person imports is what they were shown: when the ledger has moved so
// that it would be something else, both are shown and nothing is saved.
func TestImportOfWhatWasShown(t *testing.T) {
	s := demoServer(t)
	fin, owen := s.as("fin"), s.as("owen")
	file := []byte("id,date,amount,award,service\nx1,2026-12-31,100,core,young-carers\nx2,2026-12-31,200,core,young-carers\n")
	shown := fin.upload("/import", "payments.csv", file, nil).is(http.StatusOK).says("Import 2 rows")
	// another change that has nothing to do with it does not stand in the way …
	s.moved("aside")
	// … but the first of the rows, imported by another, does
	other := owen.upload("/import", "payments.csv", []byte("id,date,amount,award,service\nx1,2026-12-31,100,core,young-carers\n"), nil)
	owen.submit(other, other.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("1 row was imported.")
	batches := s.book().Sequence()
	p := fin.submit(shown, shown.url.Path, url.Values{"step": {"import"}}).is(http.StatusUnprocessableEntity)
	p.says("The ledger has changed since you looked. You saw: 2 new, 0 changed, 0 as they stand, 0 to put right. Now it would be: 1 new, 0 changed, 1 as they stand", "Import 1 row")
	if s.book().Sequence() != batches {
		t.Fatal("it was saved")
	}
	fin.submit(p, shown.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("1 row was imported.")
}

func TestImportAfterAnUnrelatedChange(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	shown := fin.upload("/import", "areas.csv", []byte("id,name\nsouth,South\n"), nil).is(http.StatusOK).says("Import 1 row")
	s.moved("aside")
	fin.submit(shown, shown.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("1 row was imported.")
}

// A changed row needs a reason, and shows before and after.
func TestImportThatChanges(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.post("/import", url.Values{"paste": {"id\tname\townr\nyoung-carers\tYoung carers and siblings\tHead of care\n"}, "register": {"services"}}).is(http.StatusOK)
	at := p.url.Path
	p.says("What will happen if you import Pasted block.csv?", "1 row is ready.", "Name: Young carers → Young carers and siblings", "Columns that Braid does not know", "ownr")
	p = priya.submit(p, at, url.Values{"step": {"columns"}, "column.0": {"owner"}}).is(http.StatusOK).says("Owner:", "→ Head of care")
	priya.submit(p, at, url.Values{"step": {"import"}}).is(http.StatusUnprocessableEntity).says("Enter a reason: this import changes what stands")
	priya.submit(p, at, url.Values{"step": {"import"}, "reason": {"New name"}}).is(http.StatusOK).says("1 row was imported.")
	if r, _ := s.book().Record("services", "young-carers"); r.Get("name") != "Young carers and siblings" || r.Get("owner") != "Head of care" || r.Get("provider") == "" {
		t.Errorf("%+v", r)
	}
	// the choice of column is remembered
	priya.post("/import", url.Values{"paste": {"id,name,ownr\nyoung-carers,Young carers and siblings,Somebody else\n"}, "register": {"services"}}).is(http.StatusOK).says("→ Somebody else")
	p = priya.submit(priya.post("/import", url.Values{"paste": {"id,name\nzz,Zz\n"}, "register": {"areas"}}), "", url.Values{"step": {"discard"}}).is(http.StatusOK)
	p.says("The upload was thrown away.")
}

// Who may import what: payments are finance's, and what people decide together
// has pages of its own.
func TestImportRights(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	p := priya.upload("/import", "payments.csv", []byte("id,date,amount,award,service\nx,2026-12-31,1,core,young-carers\n"), nil).is(http.StatusOK)
	p.says("Only finance imports Payments.").silent("Import 1 row")
	batches := s.book().Sequence()
	priya.post(p.url.Path, url.Values{"step": {"import"}}).is(http.StatusUnprocessableEntity)
	p = fin.upload("/import", "periods.csv", []byte("id,state\n2026-04,open\n"), nil).is(http.StatusOK)
	p.says("Accounting months are not imported in the browser").silent("Import 1 row")
	fin.post(p.url.Path, url.Values{"step": {"import"}}).is(http.StatusUnprocessableEntity)
	s.changed("ada", "administrator", "limit", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, a, ledger.Record{Register: "limits", ID: "allocate-commissioner", Values: []ledger.Value{{Column: "role", Text: "commissioner"}, {Column: "action", Text: "allocate"}, {Column: "amount", Text: "50000.00"}, {Column: "inclusive", Text: "yes"}}}, "", "")
	})
	batches++
	p = priya.upload("/import", "allocations.csv", []byte("id,award,service,objective,area,year,amount\nbig,families-first,young-carers,heard,north,2026-27,95000\n"), nil).is(http.StatusOK)
	p.says("more than you may allocate alone")
	if s.book().Sequence() != batches {
		t.Error("something was saved")
	}
	sue := s.as("sue")
	sue.post("/import", url.Values{"paste": {"id,name\nx,Y\n"}}).is(http.StatusForbidden)
	if p := s.as("aud").get("/import").is(http.StatusOK).says("All registers as one Excel workbook"); p.url.Path != "/en/export" {
		t.Errorf("led to %s", p.url)
	}
	if p := s.anyone().get("/export/registers.xlsx"); p.url.Path != "/en/sign-in" {
		t.Errorf("led to %s", p.url)
	}
	member := s.as("sam")
	member.get("/export").is(http.StatusOK).says("tables of your own pages").silent("All registers")
	member.get("/export/registers.xlsx").is(http.StatusForbidden)
}

// A double click imports once, and undoes once; both clicks read as done.
func TestImportAndUndoTwiceAtOnce(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.upload("/import", "areas.csv", []byte("id,name\nsouth,South\nmid,Middle\n"), nil).is(http.StatusOK)
	twice := func(path string, form url.Values) {
		t.Helper()
		var both sync.WaitGroup
		for range 4 {
			both.Go(func() {
				if got := fin.post(path, form); got.status != http.StatusOK {
					t.Errorf("%s answers %d: %s", path, got.status, got.text())
				}
			})
		}
		both.Wait()
	}
	twice(p.url.Path, url.Values{"step": {"import"}, "seen": {attr(hidden(p, "seen"), "value")}, "key": {"one"}})
	if got := s.book().Sequence(); got != 2 {
		t.Fatalf("%d batches", got)
	}
	fin.get(strings.TrimPrefix(p.url.Path, "/en")).says("2 rows were imported.")
	seq := s.moved("money")
	twice("/history/"+strconv.Itoa(seq)+"/undo", url.Values{"key": {"two"}, "reason": {"Not this"}, "page": {"history"}})
	if got := s.book().Sequence(); got != seq+1 {
		t.Errorf("%d batches after undo", got)
	}
}

// officer adds a commissioner of one area.
func (s *site) officer(id, area string) *browser {
	s.t.Helper()
	who, err := people.New("Olwen "+area, id+"@demo.example", "en")
	if err != nil {
		s.t.Fatal(err)
	}
	who.ID = id
	who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Commissioner, Area: area, From: s.web.Today().AddMonths(-12), GivenBy: "test"}}
	if err := s.store.People().Save(context.Background(), who, people.Event{Who: "test", What: "person-added", About: id}); err != nil {
		s.t.Fatal(err)
	}
	return s.as(id)
}

// An officer of an area imports what lies in it, and nothing else.
func TestImportOfAnArea(t *testing.T) {
	s := demoServer(t)
	north := s.officer("olwen", "north")
	own := north.upload("/import", "services.csv", []byte("id,name,areas\nnew-hub,New hub,north\n"), nil).is(http.StatusOK).says("Import 1 row").silent("outside your area")
	for _, file := range []string{"id,name,areas\nnew-hub,New hub,east\n", "id,name,areas\nnew-hub,New hub,north;east\n", "id,name\nnew-hub,New hub\n"} {
		p := north.upload("/import", "services.csv", []byte(file), nil).is(http.StatusOK).says("These are outside your area: New hub.").silent("Import 1 row")
		north.submit(p, p.url.Path, url.Values{"step": {"import"}}).is(http.StatusUnprocessableEntity)
	}
	if s.book().Sequence() != 1 {
		t.Fatal("something outside was saved")
	}
	north.submit(own, own.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("1 row was imported.")
	north.upload("/import", "services.csv", []byte("id,name,areas\nnew-hub,New hub,east\n"), nil).is(http.StatusOK).says("These are outside your area: New hub.")
	north.get("/export").says("tables of your own pages")
	north.get("/history").is(http.StatusOK).says("You see the changes to your own services", "Services (1)")
}

// Files that cannot be read say so at the field, and keep what was pasted.
func TestImportRefusesFiles(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.upload("/import", "", nil, url.Values{"register": {""}}).is(http.StatusUnprocessableEntity).says("Select a file, or paste a block")
	if !strings.HasPrefix(p.title(), "Error:") {
		t.Errorf("title %q", p.title())
	}
	fin.in("cy").upload("/import", "", nil, nil).is(http.StatusUnprocessableEntity).says("Mae problem wedi codi", "Dewiswch ffeil, neu gludwch floc")
	fin.upload("/import", "a.csv", nil, nil).is(http.StatusUnprocessableEntity).says("The selected file is empty")
	fin.upload("/import", "a.pdf", []byte("%PDF"), nil).is(http.StatusUnprocessableEntity).says("must be an XLSX or CSV")
	fin.upload("/import", "a.xlsx", []byte("id,name\n"), nil).is(http.StatusUnprocessableEntity).says("There is a problem")
	fin.upload("/import", "a.csv", []byte("id,name\nx,Y\n"), url.Values{"paste": {"id,name\nx,Y\n"}}).is(http.StatusUnprocessableEntity).says("not both")
	fin.upload("/import", "a.csv", bytes.Repeat([]byte("x"), 11<<20), nil).is(http.StatusRequestEntityTooLarge)
	p = fin.post("/import", url.Values{"paste": {"what, is\nthis, then"}}).is(http.StatusOK)
	p.says("This cannot be imported as it is")
	fin.get("/import/nothing").is(http.StatusNotFound)
	fin.post("/import", url.Values{"paste": {"x"}, "register": {"asks"}}).is(http.StatusBadRequest)
}

func TestTwoImportsAtOnce(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	for range cap(filesRead) {
		filesRead <- struct{}{}
	}
	defer func() {
		for range cap(filesRead) {
			<-filesRead
		}
	}()
	p := fin.upload("/import", "areas.csv", []byte("id,name\nsouth,South\n"), nil).is(http.StatusTooManyRequests)
	p.says("Two imports are being read already")
	if p.header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
}

// What is exported imports into an empty Braid as it was.
func TestExportImports(t *testing.T) {
	s := demoServer(t)
	workbook := s.as("fin").get("/export/registers.xlsx").is(http.StatusOK)
	s.as("fin").get("/export/template.xlsx").is(http.StatusOK)
	fresh := emptyServer(t, s.web.Today())
	fresh.populate(demoPeople(t))
	fin := fresh.as("fin")
	p := fin.upload("/import", "braid.xlsx", []byte(workbook.body), nil).is(http.StatusOK).says("The ledger is empty, so things are recorded as they stand")
	fin.submit(p, p.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK)
	if got, want := fresh.spend(), s.spend(); got != want {
		t.Errorf("spend is %v, was %v", got, want)
	}
	if got := fresh.book().Sequence(); got != 1 {
		t.Error(strconv.Itoa(got) + " batches")
	}
}

func demoPeople(t testing.TB) []seed.Person {
	t.Helper()
	var list []seed.Person
	for _, p := range seed.People("demo") {
		if p.Board == "" {
			list = append(list, p)
		}
	}
	return list
}

// Other people's tables come through a saved mapping, whole or not at all.
func TestImportThroughAMapping(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	before := s.spend()
	file := "Service Area,Expenditure Code,Paid Date,Trans No,Amount\nLeisure,R1000,31/12/2026,T1,\"1,200.50\"\nLeisure,R1000,31/12/2026,T2,99.50\n"
	p := fin.upload("/import", "spend.csv", []byte(file), url.Values{"register": {"mapping:oxford-council-spend"}}).is(http.StatusOK)
	p.says("2 rows are ready. Nothing is saved yet.", "Payments", "£1,300.00", "Import 2 rows")
	fin.submit(p, p.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("2 rows were imported.")
	if got := s.spend(); got != before+1300_00 {
		t.Errorf("spend is %v, was %v", got, before)
	}
	bad := strings.Replace(file, "99.50", "ninety", 1)
	p = fin.upload("/import", "more.csv", []byte(bad), url.Values{"register": {"mapping:oxford-council-spend"}}).is(http.StatusOK)
	p.says("This cannot be imported as it is: 1 problem.", "ninety", "Mend the file and load it again.").silent("Put right and check again", "Import 1 row")
	fin.post(p.url.Path, url.Values{"step": {"import"}, "seen": {attr(hidden(p, "seen"), "value")}}).is(http.StatusUnprocessableEntity).says("ninety").silent("The ledger has changed")
	fin.upload("/import", "more.csv", []byte(file), url.Values{"register": {"mapping:none"}}).is(http.StatusBadRequest)
	fin.get("/import").says("spend.csv", "Fiona Walsh")
}

// hidden finds a hidden field of a page.
func hidden(p *page, name string) *html.Node {
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Input && attr(n, "name") == name {
			return n
		}
	}
	p.t.Fatalf("%s has no field %s", p.url, name)
	return nil
}
