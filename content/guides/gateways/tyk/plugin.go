package main

import (
	"net/http"

	"github.com/TykTechnologies/tyk/ctx"
)

// CheckAddress refuses calls from addresses that are not on the allowlist of the key. Tyk calls it after it has found
// the key (post_key_auth).
func CheckAddress(rw http.ResponseWriter, r *http.Request) {
	session := ctx.GetSession(r)
	if session != nil {
		// The portal writes a text for every key. A key without one is none of the portal, and is refused.
		cidrs, isText := session.MetaData["allowed_cidrs"].(string)
		if isText && addressAllowed(cidrs, r.RemoteAddr) {
			return
		}
	}
	rw.Header().Set("Content-Type", "application/problem+json")
	rw.WriteHeader(http.StatusForbidden)
	_, _ = rw.Write([]byte(`{"type":"about:blank","title":"Address not allowed","status":403,"code":"address_not_allowed"}`))
}

func main() {}
