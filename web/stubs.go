package web

// Filled by the pages' own files.
var (
	editRoutes, streamRoutes, boardRoutes, askRoutes,
	settingRoutes, paperRoutes, startRoutes, accountRoutes, personRoutes []Route
)

