package main

import (
	"net"
	"net/netip"
	"strings"
)

// addressAllowed tells whether a key with this list of CIDR ranges, separated by commas, may be used from remoteAddr
// ("address:port", as net/http gives it). An empty list allows any address. What cannot be read is refused.
func addressAllowed(cidrs, remoteAddr string) bool {
	if cidrs == "" {
		return true
	}
	host, _, err := net.SplitHostPort(remoteAddr)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	// One spelling for each address: ::ffff:192.0.2.1 is 192.0.2.1, and a zone says nothing about the caller.
	address = address.Unmap().WithZone("")
	for _, entry := range strings.Split(cidrs, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(entry))
		if err == nil && prefix.Contains(address) {
			return true
		}
	}
	return false
}
