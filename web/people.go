package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var personRoutes = []Route{
	{Method: "GET", Path: "/people", Right: people.SeeUsers, Do: everybody},
	{Method: "GET", Path: "/people/new", Right: people.ManageUsers, Do: newPersonPage},
	{Method: "POST", Path: "/people/new", Right: people.ManageUsers, Do: addPerson},
	{Method: "GET", Path: "/people/events", Right: people.SecurityEvents, Do: securityEvents},
	{Method: "GET", Path: "/people/:id", Right: people.SeeUsers, Do: personPage},
	{Method: "GET", Path: "/people/:id/role", Right: people.ManageUsers, Do: giveRole},
	{Method: "POST", Path: "/people/:id/role", Right: people.ManageUsers, Do: giveRole},
	{Method: "GET", Path: "/people/:id/role/:tenure", Right: people.ManageUsers, Do: endRole},
	{Method: "POST", Path: "/people/:id/role/:tenure", Right: people.ManageUsers, Do: endRole},
	{Method: "POST", Path: "/people/:id/role/:tenure/decide", Right: people.ApproveUsers, Do: decideRole},
	{Method: "GET", Path: "/people/:id/change", Right: people.ManageUsers, Do: changePerson},
	{Method: "POST", Path: "/people/:id/change", Right: people.ManageUsers, Do: changePerson},
	{Method: "GET", Path: "/people/:id/link", Right: people.ManageUsers, Do: newLink},
	{Method: "POST", Path: "/people/:id/link", Right: people.ManageUsers, Do: newLink},
	{Method: "GET", Path: "/people/:id/leave", Right: people.ManageUsers, Do: leave},
	{Method: "POST", Path: "/people/:id/leave", Right: people.ManageUsers, Do: leave},
}

// linkLife is how long a link that lets somebody in is good.
const linkLife = 7 * 24 * time.Hour

// peopleNames names everybody, those who left too.
func (v *Visit) peopleNames() (map[string]string, error) {
	all, err := v.Server.People.All(v.Context())
	if err != nil {
		return nil, err
	}
	names := map[string]string{people.Keeper.ID: v.T("people.keeper"), "demo": v.T("people.keeper")}
	for _, p := range all {
		names[p.ID] = p.Name
	}
	return names, nil
}

// roleWord is a role in words.
func (v *Visit) roleWord(r people.Role) string {
	return v.T("history.role." + string(r))
}

// tenureWhere says where a role is held.
func (v *Visit) tenureWhere(t people.Tenure) string {
	switch {
	case t.Board != "":
		return v.NameOf(v.Book, "boards", t.Board).Text
	case t.Area != "":
		return v.NameOf(v.Book, "areas", t.Area).Text
	}
	return v.T("people.whole-council")
}

// tenureState says whether a role counts.
func (v *Visit) tenureState(t people.Tenure) table.Cell {
	switch {
	case t.RefusedBy != "":
		return table.Tag(v.T("people.state-refused"), table.Grey)
	case t.To != 0 && t.To < v.Today:
		return table.Tag(v.T("people.state-over"), table.Grey)
	case t.Waits:
		return table.Tag(v.T("people.state-waits"), table.Amber)
	case t.From > v.Today:
		return table.Tag(v.T("people.state-later"), table.Blue)
	}
	return table.Tag(v.T("people.state-held"), table.Green)
}

func (v *Visit) tenureWords(t people.Tenure) string {
	words := v.roleWord(t.Role) + ", " + v.tenureWhere(t) + ", " + v.T("people.from", "Date", v.Date(t.From))
	if t.To != 0 {
		words += " " + v.T("people.to", "Date", v.Date(t.To))
	}
	if state := v.tenureState(t).Text; t.Waits || t.RefusedBy != "" || !t.Held(v.Today) {
		words += " (" + strings.ToLower(state) + ")"
	}
	return words
}

type everybodyPage struct {
	Lead           string
	Role           form.Field
	Left           form.Field
	People         *table.Table
	Add            string
	Events, Tokens string
	Waiting        []parts.Task
}

// waitingRoles are a person's roles that wait for somebody in finance.
func (v *Visit) waitingRoles(who *people.Person) []parts.Task {
	var tasks []parts.Task
	for _, held := range who.Tenures {
		if held.Waits && !who.Ended {
			tasks = append(tasks, parts.Task{Text: v.T("people.waiting", "Name", who.Name, "Role", v.roleWord(held.Role)), Href: v.To("/people/" + who.ID), Hint: v.tenureWords(held), Status: parts.Tag{Text: v.T("people.state-waits"), Colour: "amber"}})
		}
	}
	return tasks
}

// everybody lists who may sign in, and what waits for somebody in finance.
func everybody(v *Visit) (Answer, error) {
	all, err := v.Server.People.All(v.Context())
	if err != nil {
		return nil, err
	}
	role, withLeft := people.Role(v.Q("role")), v.Q("left") != ""
	p := everybodyPage{Role: form.Field{Name: "role", Label: v.T("people.role"), Type: "select", Options: v.roleOptions(role, v.T("people.any-role"))},
		Left: form.Field{Name: "left", Label: v.T("people.show-left"), Type: "checkbox"}}
	if withLeft {
		p.Left.Value = "yes"
	}
	t := table.New("people", v.T("people.table"))
	t.Column("name", v.T("account.name"), table.TextColumn)
	t.Column("email", v.T("sign-in.email"), table.TextColumn)
	t.Column("", v.T("people.roles"), table.TextColumn)
	t.Column("", v.T("account.codes"), table.TextColumn)
	t.Column("", v.T("status"), table.TagColumn)
	t.Empty = v.T("people.none")
	in := 0
	for _, who := range all {
		if !who.Ended {
			in++
		}
		var roles []string
		match, waiting := role == "", v.waitingRoles(who)
		p.Waiting = append(p.Waiting, waiting...)
		for _, held := range who.Tenures {
			if held.Held(v.Today) || held.Waits {
				roles = append(roles, v.roleWord(held.Role)+", "+v.tenureWhere(held))
				match = match || held.Role == role
			}
		}
		if who.Ended && !withLeft || !match {
			continue
		}
		state := table.Tag(v.T("people.can-sign-in"), table.Green)
		switch {
		case who.Ended:
			state = table.Tag(v.T("people.has-left"), table.Grey)
		case len(waiting) > 0:
			state = table.Tag(v.T("people.state-waits"), table.Amber)
		case len(roles) == 0:
			state = table.Tag(v.T("people.no-role"), table.Grey)
		}
		codes := table.None()
		if who.SecondFactor {
			codes = table.Text(v.T("account.codes-on"))
		}
		t.Row(table.Text(who.Name).To(v.To("/people/"+who.ID)), table.Text(who.Email), table.Text(strings.Join(roles, "; ")), codes, state)
	}
	p.People = v.Finish(t)
	p.Lead = v.N("people.lead", in)
	if n := len(p.Waiting); n > 0 {
		p.Lead += " " + v.N("people.lead-waiting", n)
	}
	if v.Can(people.ManageUsers) {
		p.Add = v.To("/people/new")
	}
	if v.Can(people.SecurityEvents) {
		p.Events = v.To("/people/events")
	}
	if v.Can(people.Tokens) {
		p.Tokens = v.To("/tokens")
	}
	return Page{Template: "people", Title: v.T("people.title"), Nav: "people", Data: p, Tables: []*table.Table{t}}, nil
}

func (v *Visit) roleOptions(chosen people.Role, none string) []form.Option {
	options := []form.Option{{Value: "", Label: none, Selected: chosen == ""}}
	for _, r := range people.Roles {
		options = append(options, form.Option{Value: string(r), Label: v.roleWord(r), Selected: r == chosen})
	}
	return options
}

// choices lists the rows of a register to choose one of.
func (v *Visit) choices(register, chosen, none string) []form.Option {
	options := []form.Option{{Value: "", Label: none, Selected: chosen == ""}}
	for id := range v.Book.Records(register) {
		n := v.NameOf(v.Book, register, id)
		options = append(options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == chosen})
	}
	return options
}

// tenureForm is a role as it is given.
type tenureForm struct {
	Role  string `form:"role"`
	Area  string `form:"area"`
	Board string `form:"board"`
	From  string `form:"from"`
	To    string `form:"to"`
}

func (v *Visit) tenureFields(f tenureForm, none string) []form.Field {
	return []form.Field{
		{Name: "role", Label: v.T("people.role"), Type: "select", Options: v.roleOptions(people.Role(f.Role), none)},
		{Name: "board", Label: v.T("people.board"), Hint: v.T("people.board-hint"), Type: "select", Options: v.choices("boards", f.Board, v.T("people.no-board"))},
		{Name: "area", Label: v.T("people.area"), Hint: v.T("people.area-hint"), Type: "select", Options: v.choices("areas", f.Area, v.T("people.whole-council"))},
		{Name: "from", Label: v.T("people.first-day"), Type: "date", Value: f.From, Hint: v.T("people.first-day-hint")},
		{Name: "to", Label: v.T("people.last-day"), Type: "date", Value: f.To, Hint: v.T("people.last-day-hint")},
	}
}

// tenure reads a role from its form, with what is wrong beside the fields.
func (v *Visit) tenure(f tenureForm, errs *form.Errors) people.Tenure {
	t := people.Tenure{Area: f.Area, Board: f.Board}
	role, err := people.ParseRole(f.Role)
	if err != nil {
		errs.Add("role", v.T("people.choose-role"))
	}
	t.Role = role
	for _, of := range [][3]string{{"board", "boards", f.Board}, {"area", "areas", f.Area}} {
		if of[2] != "" && !v.Book.Has(of[1], of[2]) {
			errs.Add(of[0], v.T("people.choose-listed"))
		}
	}
	t.From, t.To = v.day("from", f.From, errs), v.day("to", f.To, errs)
	return t
}

// day reads a date, none for a blank.
func (v *Visit) day(field, text string, errs *form.Errors) fiscal.Date {
	if text == "" {
		return 0
	}
	d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
	if err != nil {
		errs.Add(field, v.T("people.bad-date"))
	}
	return d
}

// grant gives a role, with a refusal beside the field it is about.
func (v *Visit) grant(to *people.Person, f tenureForm, errs *form.Errors) (people.Tenure, error) {
	t := v.tenure(f, errs)
	if len(*errs) > 0 {
		return t, nil
	}
	all, err := v.Server.People.All(v.Context())
	if err != nil {
		return t, err
	}
	t, err = people.Grant(v.Who, to, t, all, v.Today)
	field := "role"
	var bad *people.BadTenure
	if errors.As(err, &bad) {
		field = bad.Field
	}
	return t, v.told(errs, field, err)
}

type personForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Language string `form:"language"`
	Role     string `form:"role"`
	Area     string `form:"area"`
	Board    string `form:"board"`
	From     string `form:"from"`
	To       string `form:"to"`
}

func (f personForm) tenure() tenureForm { return tenureForm{f.Role, f.Area, f.Board, f.From, f.To} }

func newPersonPage(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	return v.personFields(personForm{Language: string(v.Lang())}, nil), nil
}

func (v *Visit) personFields(f personForm, errs form.Errors) Page {
	p := fieldsPage{Lead: v.T("people.add-lead"), Button: v.T("people.add-go"), Cancel: v.To("/people"), Fields: append([]form.Field{
		{Name: "name", Label: v.T("account.name"), Value: f.Name, Autocomplete: "off"},
		{Name: "email", Label: v.T("sign-in.email"), Type: "email", Value: f.Email, Autocomplete: "off"},
		v.languageField(f.Language),
	}, v.tenureFields(f.tenure(), v.T("people.no-role-yet"))...)}
	page := v.fields(v.T("people.add-title"), p, errs)
	page.Nav = "people"
	return page
}

// addPerson makes a person, and the link by which they choose a password.
func addPerson(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	var f personForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	who, err := v.newPerson(f.Name, f.Email, f.Language, &errs)
	if err != nil {
		return nil, err
	}
	said := v.T("people.added", "Name", who.Name)
	if f.Role != "" {
		t, err := v.grant(who, f.tenure(), &errs)
		if err != nil {
			return nil, err
		}
		if t.Waits {
			said += " " + v.T("people.role-waits", "Name", who.Name, "Role", v.roleWord(t.Role))
		}
	}
	if len(errs) == 0 {
		err := v.Server.People.Save(v.Context(), who, v.event(people.PersonAdded, who, f.Role))
		if err := v.told(&errs, "email", err); err != nil {
			return nil, err
		}
	}
	if len(errs) > 0 {
		return v.personFields(f, errs), nil
	}
	if err := v.makeLink(who, linkStart); err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: said}, nil
}

// event is what the reader did to somebody.
func (v *Visit) event(what string, about *people.Person, detail string) people.Event {
	return people.Event{Who: v.Who.ID, What: what, About: about.ID, Detail: detail}
}

// makeLink makes a link for somebody, to be shown once on the next page.
func (v *Visit) makeLink(who *people.Person, purpose string) error {
	token, err := v.Server.People.MakeLink(v.Context(), who.ID, purpose, v.Server.Clock().Add(linkLife))
	if err != nil {
		return err
	}
	if err := v.Server.People.Note(v.Context(), v.event(people.LinkMade, who, purpose)); err != nil {
		return err
	}
	v.Server.sessions.Put(v.Context(), "link", v.origin()+"/"+who.Language+"/start/"+token)
	v.Server.sessions.Put(v.Context(), "link-of", who.ID)
	return nil
}

// origin is how people reach Braid.
func (v *Visit) origin() string {
	if v.Server.Address != "" {
		return v.Server.Address
	}
	return "http://" + v.Request.Host
}

type onePerson struct {
	Lead    string
	Facts   []parts.Row
	Roles   *table.Table
	Decide  []roleDecision
	Link    string // shown once
	Actions []navLink
	History []parts.Change
	Audits  bool
}

// roleDecision is a role that waits for the reader to decide.
type roleDecision struct{ Action, Words string }

// person gives the person of the address.
func (v *Visit) person() (*people.Person, error) {
	p, err := v.Server.People.Person(v.Context(), v.Param("id"))
	if errors.Is(err, people.ErrNobody) {
		return nil, Missing{}
	}
	return p, err
}

func personPage(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	return v.personPage(who, nil)
}

func (v *Visit) personPage(who *people.Person, errs form.Errors) (Answer, error) {
	names, err := v.peopleNames()
	if err != nil {
		return nil, err
	}
	codes := v.T("account.codes-off")
	if who.SecondFactor {
		codes = v.T("account.codes-on")
	}
	p := onePerson{Lead: v.T("people.person-lead", "Name", who.Name, "Email", who.Email), Facts: []parts.Row{
		{Key: v.T("sign-in.email"), Value: who.Email},
		{Key: v.T("account.language"), Value: map[string]string{"en": "English", "cy": "Cymraeg"}[who.Language], Lang: who.Language},
		{Key: v.T("account.codes"), Value: codes},
	}}
	if who.Ended {
		p.Lead = v.T("people.person-left", "Name", who.Name)
	}
	manages := v.Can(people.ManageUsers) && who.ID != v.Who.ID && !who.Ended
	t := table.New("roles", v.T("people.roles"))
	t.Column("", v.T("people.role"), table.TextColumn)
	t.Column("", v.T("people.where"), table.TextColumn)
	t.Column("", v.T("people.first-day"), table.DateColumn)
	t.Column("", v.T("people.last-day"), table.DateColumn)
	t.Column("", v.T("status"), table.TagColumn)
	t.Column("", v.T("people.given-by"), table.TextColumn)
	t.Empty = v.T("people.no-roles")
	for _, held := range who.Tenures {
		last := table.None()
		if held.To != 0 {
			last = table.Date(held.To)
		}
		by := names[held.GivenBy]
		switch {
		case held.ApprovedBy != "":
			by = v.T("people.given-and-approved", "By", by, "Second", names[held.ApprovedBy])
		case held.RefusedBy != "":
			by = v.T("people.given-and-refused", "By", by, "Second", names[held.RefusedBy])
		}
		role := table.Text(v.roleWord(held.Role))
		if manages && held.RefusedBy == "" && (held.To == 0 || held.To >= v.Today) {
			role = role.Also(table.Link{Href: v.To("/people/" + who.ID + "/role/" + held.ID), Text: v.T("people.end-role"), About: v.roleName(string(held.Role))})
		}
		t.Row(role, table.Text(v.tenureWhere(held)), table.Date(held.From), last, v.tenureState(held), table.Text(by))
		if held.Waits && !who.Ended && v.Can(people.ApproveUsers) && who.ID != v.Who.ID && held.GivenBy != v.Who.ID {
			p.Decide = append(p.Decide, roleDecision{v.Base() + "/people/" + who.ID + "/role/" + held.ID + "/decide", v.tenureWords(held)})
		}
	}
	p.Roles = t
	if manages {
		p.Actions = []navLink{
			{Href: v.To("/people/" + who.ID + "/role"), Text: v.T("people.give-role")},
			{Href: v.To("/people/" + who.ID + "/change"), Text: v.T("people.change")},
			{Href: v.To("/people/" + who.ID + "/link"), Text: v.T("people.new-link")},
			{Href: v.To("/people/" + who.ID + "/leave"), Text: v.T("people.leave")},
		}
	}
	if v.Server.sessions.GetString(v.Context(), "link-of") == who.ID {
		p.Link = v.Server.sessions.PopString(v.Context(), "link")
		v.Server.sessions.Remove(v.Context(), "link-of")
	}
	if p.Audits = v.Can(people.SecurityEvents); p.Audits {
		events, err := v.Server.People.Events(v.Context(), v.Server.Clock().AddDate(-1, 0, 0), mostEvents)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.About == who.ID && len(p.History) < pageSize {
				p.History = append(p.History, parts.Change{When: v.instant(e.At), Who: v.whoDid(e, names), What: v.eventName(e.What), Why: v.eventDetail(e)})
			}
		}
	}
	return Page{Template: "person", Title: v.T("people.person-title", "Name", who.Name), Nav: "people", Data: p, Tables: []*table.Table{t}, Errors: errs}, nil
}

// giveRole proposes a role. Those with power over money or people wait for
// somebody in finance.
func giveRole(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	show := func(f tenureForm, errs form.Errors) Page {
		page := v.fields(v.T("people.give-title", "Name", who.Name), fieldsPage{Lead: v.T("people.give-lead"), Button: v.T("people.give-go"), Cancel: v.To("/people/" + who.ID),
			Fields: v.tenureFields(f, v.T("people.choose-role"))}, errs)
		page.Nav = "people"
		return page
	}
	if v.Request.Method == http.MethodGet {
		return show(tenureForm{}, nil), nil
	}
	var f tenureForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	t, err := v.grant(who, f, &errs)
	if err == nil && len(errs) == 0 {
		err = v.told(&errs, "", v.Server.People.Save(v.Context(), who, v.event(people.RoleGiven, who, f.Role)))
	}
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return show(f, errs), nil
	}
	said := v.T("people.role-given", "Name", who.Name, "Role", v.roleWord(t.Role))
	if t.Waits {
		said = v.T("people.role-waits", "Name", who.Name, "Role", v.roleWord(t.Role))
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: said}, nil
}

type changeForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Language string `form:"language"`
}

// changePerson gives somebody another name, address or language. Whoever has
// the address gets in only with the password or the council's account that is
// theirs, as before.
func changePerson(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	if who.ID == v.Who.ID || who.Ended {
		return nil, Barred{}
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	show := func(f changeForm, errs form.Errors) Page {
		page := v.fields(v.T("people.change-title", "Name", who.Name), fieldsPage{Button: v.T("people.change-go"), Cancel: v.To("/people/" + who.ID), Fields: []form.Field{
			{Name: "name", Label: v.T("account.name"), Value: f.Name, Autocomplete: "off"},
			{Name: "email", Label: v.T("sign-in.email"), Type: "email", Value: f.Email, Autocomplete: "off"},
			v.languageField(f.Language)}}, errs)
		page.Nav = "people"
		return page
	}
	if v.Request.Method == http.MethodGet {
		return show(changeForm{who.Name, who.Email, who.Language}, nil), nil
	}
	var f changeForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	typed, err := v.newPerson(f.Name, f.Email, f.Language, &errs)
	if err != nil {
		return nil, err
	}
	if len(errs) == 0 {
		changed := *who
		changed.Name, changed.Email, changed.Language = typed.Name, typed.Email, typed.Language
		detail := ""
		if who.Email != changed.Email {
			detail = who.Email + " → " + changed.Email
		}
		if err := v.told(&errs, "email", v.Server.People.Save(v.Context(), &changed, v.event(people.PersonChanged, who, detail))); err != nil {
			return nil, err
		}
	}
	if len(errs) > 0 {
		return show(f, errs), nil
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: v.T("people.change-done", "Name", typed.Name)}, nil
}

type endForm struct {
	To string `form:"to"`
}

// endRole sets a role's last day.
func endRole(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(who.Tenures, func(t people.Tenure) bool { return t.ID == v.Param("tenure") })
	if i < 0 {
		return nil, Missing{}
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	show := func(f endForm, errs form.Errors) Page {
		page := v.fields(v.T("people.end-title", "Name", who.Name, "Role", v.roleWord(who.Tenures[i].Role)), fieldsPage{Lead: v.tenureWords(who.Tenures[i]), Button: v.T("people.end-go"), Warn: true, Cancel: v.To("/people/" + who.ID),
			Fields: []form.Field{{Name: "to", Label: v.T("people.last-day"), Hint: v.T("people.end-hint"), Type: "date", Value: f.To}}}, errs)
		page.Nav = "people"
		return page
	}
	if v.Request.Method == http.MethodGet {
		return show(endForm{}, nil), nil
	}
	var f endForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	last := v.day("to", f.To, &errs)
	if last == 0 {
		last = v.Today - 1
	}
	if len(errs) == 0 {
		err = v.told(&errs, "to", people.End(v.Who, who, v.Param("tenure"), last, v.Today))
	}
	if err == nil && len(errs) == 0 {
		err = v.told(&errs, "", v.Server.People.Save(v.Context(), who, v.event(people.RoleEnded, who, string(who.Tenures[i].Role)+" "+last.String())))
	}
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return show(f, errs), nil
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: v.T("people.role-ended", "Name", who.Name, "Role", v.roleWord(who.Tenures[i].Role), "Date", v.Date(last))}, nil
}

type decideForm struct {
	Decision string `form:"decision"`
}

// decideRole approves or refuses a role that waits: by somebody in finance, who
// neither asked nor gains.
func decideRole(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	var f decideForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	what, said := people.RoleApproved, "people.role-approved"
	switch f.Decision {
	case "approve":
		err = people.Approve(v.Who, who, v.Param("tenure"), v.Today)
	case "refuse":
		what, said = people.RoleRefused, "people.role-refused"
		err = people.Refuse(v.Who, who, v.Param("tenure"), v.Today)
	default:
		return nil, &form.Bad{Why: "it does not say approve or refuse"}
	}
	detail := ""
	for _, t := range who.Tenures {
		if t.ID == v.Param("tenure") {
			detail = string(t.Role)
		}
	}
	if err := v.told(&errs, "", err); err != nil {
		return nil, err
	}
	if len(errs) == 0 {
		if err := v.told(&errs, "", v.Server.People.Save(v.Context(), who, v.event(what, who, detail))); err != nil {
			return nil, err
		}
	}
	if len(errs) > 0 {
		if who, err = v.person(); err != nil {
			return nil, err
		}
		return v.personPage(who, errs)
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: v.T(said, "Name", who.Name)}, nil
}

type linkForm struct {
	Purpose string `form:"purpose"`
}

// newLink makes a link for somebody who cannot get in: to choose a password,
// or to do so without the phone they have lost.
func newLink(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	if who.ID == v.Who.ID || who.Ended {
		return nil, Barred{}
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	show := func(chosen string, errs form.Errors) Page {
		page := v.fields(v.T("people.link-title", "Name", who.Name), fieldsPage{Lead: v.T("people.link-lead"), Button: v.T("people.link-go"), Cancel: v.To("/people/" + who.ID), Fields: []form.Field{
			{Name: "purpose", Label: v.T("people.link-why"), Type: "radios", Options: []form.Option{
				{Value: linkStart, Label: v.T("people.link-start"), Hint: v.T("people.link-start-hint"), Selected: chosen == linkStart},
				{Value: linkRecover, Label: v.T("people.link-recover"), Hint: v.T("people.link-recover-hint"), Selected: chosen == linkRecover}}}}}, errs)
		page.Nav = "people"
		return page
	}
	if v.Request.Method == http.MethodGet {
		return show(linkStart, nil), nil
	}
	var f linkForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Purpose != linkStart && f.Purpose != linkRecover {
		return show(f.Purpose, form.Errors{{Field: "purpose", Text: v.T("people.link-choose")}}), nil
	}
	if err := v.makeLink(who, f.Purpose); err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: v.T("people.link-made")}, nil
}

// leave ends a person: they are signed out and cannot sign in. What they did
// keeps their name.
func leave(v *Visit) (Answer, error) {
	who, err := v.person()
	if err != nil {
		return nil, err
	}
	if again := v.prove(); again != nil {
		return again, nil
	}
	show := func(errs form.Errors) Page {
		page := v.fields(v.T("people.leave-title", "Name", who.Name), fieldsPage{Lead: v.T("people.leave-lead"), Button: v.T("people.leave-go"), Warn: true, Cancel: v.To("/people/" + who.ID)}, errs)
		page.Nav = "people"
		return page
	}
	if v.Request.Method == http.MethodGet {
		return show(nil), nil
	}
	var none struct{}
	if err := v.Form(&none); err != nil {
		return nil, err
	}
	var errs form.Errors
	err = v.told(&errs, "", people.Leave(v.Who, who, v.Today))
	if err == nil && len(errs) == 0 {
		err = v.told(&errs, "", v.Server.People.Save(v.Context(), who, v.event(people.PersonEnded, who, "")))
	}
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return show(errs), nil
	}
	return Redirect{To: v.To("/people/" + who.ID), Say: v.T("people.left", "Name", who.Name)}, nil
}
