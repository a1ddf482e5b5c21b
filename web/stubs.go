package web

// Filled by the pages' own files.
var (
	editRoutes, streamRoutes, checkRoutes, boardRoutes, askRoutes, periodRoutes,
	searchRoutes, viewRoutes, settingRoutes, paperRoutes, startRoutes, accountRoutes, personRoutes []Route
)

// OIDC is the council's own sign-in.
type OIDC struct{ Issuer, ClientID, ClientSecret, Name string }
