// Package acceptance holds tests of Braid as people meet it: the real server,
// its database and its scripts in a headless Chromium, looked at as an officer
// would and held to WCAG 2.2 by a pinned axe-core. It has no code of its own.
//
//	harness_test.go     the server, one browser for all tests, a tab per person
//	pages_test.go       every page there is, and whose eyes see it
//	walk_test.go        every page by axe, at four sizes, with and without scripts
//	*_test.go           the acceptance checks, named by their numbers
//	screenshots_test.go the pictures of the README
//
// Chromium is found as BRAID_CHROMIUM, chromium or google-chrome, axe-core as
// BRAID_AXE or where `npm ci --prefix .ci/browser` puts it. Without them the
// tests are skipped and say so; where CI is true their absence is a failure.
package acceptance
