package funding

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"braid/ledger/money"
)

// sum adds up amounts; "?" is money.Unknown.
func sum(amounts ...money.Amount) money.Sum {
	var s money.Sum
	for _, a := range amounts {
		s.Add(a)
	}
	return s
}

func TestShareRuleJudge(t *testing.T) {
	for _, c := range []struct {
		name   string
		min    bool
		share  string
		figure money.Amount
		part   money.Sum
		want   Verdict
	}{
		{"cap, under", false, "10%", pounds(1000), sum(pounds(99)), Allowed},
		{"cap, at it", false, "10%", pounds(1000), sum(pounds(100)), Allowed},
		{"cap, a penny over", false, "10%", pounds(1000), sum(money.Known(100_01)), Refused},
		{"cap that is no whole penny: no rounding up", false, "1/3", money.Known(100), sum(money.Known(34)), Refused},
		{"cap that is no whole penny: below it", false, "1/3", money.Known(100), sum(money.Known(33)), Allowed},
		{"cap, at least so much, and over already", false, "10%", pounds(1000), sum(pounds(101), money.Unknown), Refused},
		{"cap, at least so much, and under so far", false, "10%", pounds(1000), sum(pounds(99), money.Unknown), NotKnown},
		{"cap, nothing known", false, "10%", pounds(1000), sum(money.Unknown), NotKnown},
		{"cap, figure not known", false, "10%", money.Unknown, sum(pounds(1)), NotKnown},
		{"cap of nought", false, "0%", pounds(1000), sum(money.Known(1)), Refused},
		{"cap of nought, kept", false, "0%", pounds(1000), sum(), Allowed},
		{"cap on a figure of nought", false, "10%", pounds(0), sum(money.Known(1)), Refused},
		{"nothing of nothing", false, "10%", pounds(0), sum(), Allowed},
		{"a net refund is under any cap", false, "10%", pounds(1000), sum(pounds(-5)), Allowed},
		{"minimum, at it", true, "25%", pounds(1000), sum(pounds(250)), Allowed},
		{"minimum, a penny short", true, "25%", pounds(1000), sum(money.Known(249_99)), Refused},
		{"minimum, at least so much is enough", true, "25%", pounds(1000), sum(pounds(250), money.Unknown), Allowed},
		{"minimum, at least so much, and short so far", true, "25%", pounds(1000), sum(pounds(249), money.Unknown), NotKnown},
		{"minimum, figure not known", true, "25%", money.Unknown, sum(pounds(1)), NotKnown},
		{"minimum of nothing", true, "25%", pounds(0), sum(), Allowed},
		{"minimum, all of it", true, "100%", pounds(1000), sum(pounds(1000)), Allowed},
		{"too large to add", false, "100%", pounds(1000), sum(money.Known(money.Max), money.Known(money.Max)), NotKnown},
	} {
		r := ShareRule{Min: c.min, Share: share(t, c.share), Dimension: "objective", ID: "play"}
		got := r.Judge(c.figure, c.part)
		if got.Verdict != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Verdict, got.Reason, c.want)
		}
		if got.Verdict != Allowed && (got.Code == "" || !strings.Contains(got.Reason, "objective play")) {
			t.Errorf("%s: %+v", c.name, got)
		}
		if got.Verdict == NotKnown && got.Missing == "" {
			t.Errorf("%s: does not say what is missing", c.name)
		}
	}
	over := ShareRule{Share: share(t, "10%"), Dimension: "cost-type", ID: AdminCost}.Judge(pounds(1000), sum(money.Known(100_01)))
	if want := "The money for cost-type admin is £100.01, more than 10% of £1,000.00."; over.Reason != want {
		t.Errorf("got %s", over.Reason)
	}
}

// The verdict agrees with the share worked out the long way, by multiplying.
func TestShareRuleIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		num, den := rapid.Int64Range(0, 12).Draw(t, "num"), rapid.Int64Range(1, 12).Draw(t, "den")
		s, err := money.NewShare(num, den)
		if err != nil {
			t.Fatal(err)
		}
		figure, part := rapid.Int64Range(0, 1000).Draw(t, "figure"), rapid.Int64Range(0, 1000).Draw(t, "part")
		rule := ShareRule{Min: rapid.Bool().Draw(t, "min"), Share: s}
		within := part*den <= num*figure
		if rule.Min {
			within = part*den >= num*figure
		}
		want := Refused
		if within {
			want = Allowed
		}
		if got := rule.Judge(money.Known(money.Pence(figure)), sum(money.Known(money.Pence(part)))); got.Verdict != want {
			t.Fatalf("%d of %d against %d/%d (min %v): %s, want %s", part, figure, num, den, rule.Min, got.Verdict, want)
		}
	})
}

func TestMatchJudge(t *testing.T) {
	half := MatchRule{Share: share(t, "50%")}
	for _, c := range []struct {
		grant money.Amount
		match money.Sum
		want  Verdict
	}{
		{pounds(100), sum(pounds(50)), Allowed},
		{pounds(100), sum(money.Known(49_99)), Refused},
		{pounds(100), sum(pounds(10), money.Unknown), NotKnown},
		{money.Unknown, sum(pounds(50)), NotKnown},
	} {
		if got := half.Judge(c.grant, c.match); got.Verdict != c.want {
			t.Errorf("a match of %v for %v: %s", c.match, c.grant, got.Verdict)
		}
	}
}

func TestPermissionJudge(t *testing.T) {
	upTo := Permission{Answer: PermittedUpTo, UpTo: share(t, "15%")}
	for _, c := range []struct {
		name       string
		permission Permission
		moved      money.Sum
		want       Verdict
	}{
		{"permitted", Permission{Answer: Permitted}, sum(pounds(1000)), Allowed},
		{"refused", Permission{Answer: PermissionRefused}, sum(pounds(1)), Refused},
		{"asked", Permission{Answer: Asked}, sum(pounds(1)), NotKnown},
		{"nobody knows", Permission{}, sum(pounds(1)), NotKnown},
		{"up to a share", upTo, sum(pounds(100), pounds(50)), Allowed},
		{"over it, the earlier moves counted", upTo, sum(pounds(100), money.Known(50_01)), Refused},
		{"an earlier move not known", upTo, sum(pounds(100), money.Unknown), NotKnown},
	} {
		if got := c.permission.Judge(pounds(1000), c.moved); got.Verdict != c.want || c.want != Allowed && got.Reason == "" {
			t.Errorf("%s: %s %q", c.name, got.Verdict, got.Reason)
		}
	}
	over := upTo.Judge(pounds(1000), sum(money.Known(150_01)))
	if want := "The money for moves this year is £150.01, more than 15% of £1,000.00."; over.Reason != want {
		t.Errorf("got %s", over.Reason)
	}
}
