package doctor_test

import (
	"errors"
	"net/http"
)

// refusing is a network in which nobody answers.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no network in this test")
}
