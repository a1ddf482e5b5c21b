package alike

// What learn_test.go needs to learn the weights again.

type Measured struct {
	A, B   int
	Values []float64
}

func Measure(services []Service) []Measured {
	order := inPlaceOrder(services)
	sorted := make([]*Service, len(order))
	for i, at := range order {
		sorted[i] = &services[at]
	}
	var out []Measured
	for _, f := range compare(sorted, func(_, _ uint32) bool { return true }, 0) {
		a, b := order[f.a], order[f.b]
		m := Measured{A: min(a, b), B: max(a, b)}
		for _, x := range f.measured {
			m.Values = append(m.Values, float64(x))
		}
		out = append(out, m)
	}
	return out
}

// Looks is how many measures are of a pair alone.
const Looks = looks

func SetFirst(learned []float64)   { copy(firstWeights[:], learned) }
func SetWeights(learned []float64) { copy(weights[:], learned) }

// Meaning is what the matcher takes a word to mean: a meaning of the field, or the stem itself.
func Meaning(word string) string {
	if m, ok := words().one[stem(word)]; ok {
		return m.concept
	}
	return stem(word)
}
