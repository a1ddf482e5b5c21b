package alike

// What learn_test.go needs to learn the weights again.

const Measures, Rivalries = int(measures), int(rivalries)

type Measured struct {
	A, B    int
	Values  []float64
	Rivalry []float64
}

func Measure(services []Service) []Measured {
	order := inPlaceOrder(services)
	sorted := make([]*Service, len(order))
	for i, at := range order {
		sorted[i] = &services[at]
	}
	fs := compare(sorted, func(_, _ uint32) bool { return true })
	rivals := rivalry(fs)
	out := make([]Measured, len(fs))
	for i := range fs {
		a, b := order[fs[i].a], order[fs[i].b]
		out[i] = Measured{A: min(a, b), B: max(a, b), Rivalry: rivals[i][:]}
		for _, x := range fs[i].measured {
			out[i].Values = append(out[i].Values, float64(x))
		}
	}
	return out
}

func SetWeights(first, rival []float64) {
	copy(weights[:], first)
	if rival != nil {
		copy(rivalWeights[:], rival)
	}
}

func Weights() []float64 { return weights[:] }
