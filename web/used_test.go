package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"braid/web/words"
)

// saying is what the program's text names: what it says, where, and what it
// draws with.
type saying struct {
	literals map[string]bool
	starts   map[string]bool   // "state." of "state."+x: any message that begins so may be said
	ends     map[string]bool   // "-under" of id+"-under"
	said     map[string]string // ids that are surely said, with a place
	text     strings.Builder   // of templates and scripts, and the literals of code
}

// texts reads all code, templates and scripts of web and of the commands.
func texts(t *testing.T) *saying {
	s := &saying{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}, strings.Builder{}}
	for _, root := range []string{".", "../cmd"} {
		if err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				s.code(t, path)
			case strings.HasSuffix(path, ".html"), strings.HasSuffix(path, ".js"):
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				s.template(path, string(data))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	// Sentences of the packages beneath are named by their catalogue: "plan." of sentence.New("plan", …).
	if err := filepath.WalkDir("../ledger", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range catalogues.FindAllStringSubmatch(string(data), -1) {
			s.starts[m[1]+"."] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

var catalogues = regexp.MustCompile(`(?m)^var \w+ = sentence\.New\("([a-z]+)"`)

func (s *saying) code(t *testing.T, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := func(e ast.Expr) string {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if v, err := strconv.Unquote(l.Value); err == nil {
				return v
			}
		}
		return ""
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if v := text(n); v != "" {
				s.literals[v] = true
				s.text.WriteString(" " + v + " ")
			}
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				s.starts[text(n.X)], s.ends[text(n.Y)] = true, true
			}
		case *ast.AssignStmt:
			if n.Tok == token.ADD_ASSIGN {
				s.ends[text(n.Rhs[0])] = true
			}
		case *ast.CallExpr:
			for _, a := range n.Args { // said("risk.share.")
				if id := text(a); strings.HasSuffix(id, ".") {
					s.starts[id] = true
				}
			}
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "T" || f.Sel.Name == "N") && len(n.Args) > 0 {
				if id := text(n.Args[0]); id != "" {
					s.said[id] = path
				}
			}
		}
		return true
	})
}

var (
	actions = regexp.MustCompile(`{{.*?}}`)
	quoted  = regexp.MustCompile(`"([^"]*)"`)
	tells   = regexp.MustCompile(`(?:{{-?\s*|[(|]\s*|(?:with|if|else if)\s+)[tn] "([^"]+)"`)
	printed = regexp.MustCompile(`print "([^"]+)"`)
)

func (s *saying) template(path, text string) {
	s.text.WriteString(text)
	for _, action := range actions.FindAllString(text, -1) {
		for _, q := range quoted.FindAllStringSubmatch(action, -1) {
			s.literals[q[1]] = true
		}
		for _, q := range tells.FindAllStringSubmatch(action, -1) {
			s.said[q[1]] = path
		}
		for _, q := range printed.FindAllStringSubmatch(action, -1) {
			s.starts[q[1]] = true
		}
	}
}

// says reports whether a message is said: by its id, or by one put together
// from a start that ends in a full stop or a hyphen, or an end that begins so.
func (s *saying) says(id string) bool {
	if s.literals[id] {
		return true
	}
	for i := 1; i < len(id); i++ {
		if joint := id[i-1]; (joint == '.' || joint == '-') && s.starts[id[:i]] {
			return true
		}
		if joint := id[i]; (joint == '.' || joint == '-') && s.ends[id[i:]] && s.says(id[:i]) {
			return true
		}
	}
	return false
}

// catalogue reads the messages of a language.
func catalogue(t *testing.T, l words.Lang) map[string]map[string]string {
	names, err := filepath.Glob("words/*." + string(l) + ".toml")
	if err != nil || len(names) == 0 {
		t.Fatal("no messages", err)
	}
	all := map[string]map[string]string{}
	for _, name := range names {
		var some map[string]map[string]string
		if _, err := toml.DecodeFile(name, &some); err != nil {
			t.Fatal(name, err)
		}
		for id, forms := range some {
			if all[id] != nil {
				t.Errorf("%s: %s stands in another file too", name, id)
			}
			all[id] = forms
		}
	}
	return all
}

// TestEveryMessageIsSaid: the catalogue has what is said, in both languages
// with the same facts, and nothing else.
func TestEveryMessageIsSaid(t *testing.T) {
	s := texts(t)
	english, welsh := catalogue(t, words.English), catalogue(t, words.Welsh)
	for id, path := range s.said {
		if english[id] == nil {
			t.Errorf("%s says %q, which is no message", path, id)
		}
	}
	fact := regexp.MustCompile(`{{\s*\.\w+\s*}}`)
	facts := func(text string) []string {
		all := fact.FindAllString(text, -1)
		slices.Sort(all)
		return slices.Compact(all)
	}
	for id, forms := range english {
		if !s.says(id) {
			t.Errorf("nothing says %q", id)
		}
		if welsh[id] == nil {
			t.Errorf("%q is not said in Welsh", id)
		} else if got, want := facts(welsh[id]["other"]), facts(forms["other"]); !slices.Equal(got, want) {
			t.Errorf("%q takes %v in Welsh and %v in English", id, got, want)
		}
	}
	for id := range welsh {
		if english[id] == nil {
			t.Errorf("%q is said in Welsh alone", id)
		}
	}
}

// TestEveryTemplateIsDrawn: each template is a page's, and each part is drawn
// by one.
func TestEveryTemplateIsDrawn(t *testing.T) {
	s := texts(t)
	pages, err := filepath.Glob("templates/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal("no templates", err)
	}
	for _, path := range pages {
		if name := strings.TrimSuffix(filepath.Base(path), ".html"); name != "layout" && !s.literals[name] {
			t.Errorf("no page draws %s", path)
		}
	}
	files, err := filepath.Glob("templates/parts/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no parts", err)
	}
	all := s.text.String()
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range regexp.MustCompile(`{{-?\s*define "([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
			if !strings.Contains(all, `template "`+part[1]+`"`) {
				t.Errorf("%s: nothing draws the part %q", path, part[1])
			}
		}
	}
}

// TestEveryClassIsWorn: the style sheets dress nothing that no page has.
func TestEveryClassIsWorn(t *testing.T) {
	worn := map[string]bool{}
	s := texts(t)
	for _, word := range regexp.MustCompile(`[A-Za-z][\w-]*`).FindAllString(s.text.String(), -1) {
		worn[word] = true
	}
	sheets, err := filepath.Glob("static/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal("no style sheets", err)
	}
	for _, path := range sheets {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rules := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(data), "")
		for _, selector := range regexp.MustCompile(`([^{}]*){`).FindAllString(rules, -1) {
			for _, class := range regexp.MustCompile(`\.([A-Za-z][\w-]*)`).FindAllStringSubmatch(selector, -1) {
				counted := strings.TrimRight(class[1], "0123456789") // heat-3 is "heat-" and a number
				if !worn[class[1]] && !(counted != class[1] && worn[counted]) {
					t.Errorf("%s: nothing has the class %q", path, class[1])
				}
			}
		}
	}
}
