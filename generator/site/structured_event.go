package site

import "time"

// eventData is Event, for events that are public and have what Google requires:
// a start and a place.
func eventData(p EventPage) string {
	location := dataEventLocation(p)
	if p.Article.Card.Seal != "" || p.Event.Line.Start.IsZero() || len(location) == 0 {
		return scripts(breadcrumbThing(p.Head))
	}
	line := p.Event.Line
	data := newThing("Event")
	data.add("@id", p.Head.Canonical+"#event")
	data.add("name", p.Article.Card.Title)
	data.add("description", feedFirst(p.Article.Card.Summary, p.Head.Description))
	data.add("url", p.Head.Canonical)
	data.add("inLanguage", dataLanguage(p.Site, p.Article.Card))
	data.add("image", imageThing(p.Head, dataImage(p.Head, p.Article.Card)))
	data.add("startDate", dataEventTime(line.Start, line.AllDay))
	if !line.End.Before(line.Start) {
		data.add("endDate", dataEventTime(line.End, line.AllDay))
	}
	data.add("eventStatus", dataEventStatus(line.Status))
	data.add("eventAttendanceMode", dataEventMode(line))
	data.add("location", location)
	data.add("offers", dataOffer(p))
	if p.Event.Fee.Known {
		data.add("isAccessibleForFree", p.Event.Fee.Free)
	}
	data.add("maximumAttendeeCapacity", p.Event.Capacity)
	data.add("organizer", publisherThing(p.Site, p.Head))
	data.add("performer", personThings(p.Head, p.Event.Speakers))
	return scripts(data, breadcrumbThing(p.Head))
}

// dataEventTime is a time with its offset, or a date alone for events that last
// whole days.
func dataEventTime(t time.Time, allDay bool) string {
	if allDay && !t.IsZero() {
		return t.Format(time.DateOnly)
	}
	return dataTime(t)
}

// dataEventStatus maps the status of an event; one that is full or over is still
// one that was scheduled.
func dataEventStatus(status string) string {
	switch status {
	case "postponed":
		return "https://schema.org/EventPostponed"
	case "cancelled":
		return "https://schema.org/EventCancelled"
	case "moved_online":
		return "https://schema.org/EventMovedOnline"
	}
	return "https://schema.org/EventScheduled"
}

func dataEventMode(line EventLine) string {
	switch {
	case line.Mode == "online" || line.Status == "moved_online":
		return "https://schema.org/OnlineEventAttendanceMode"
	case line.Mode == "hybrid":
		return "https://schema.org/MixedEventAttendanceMode"
	}
	return "https://schema.org/OfflineEventAttendanceMode"
}

// dataEventLocation is the venue, the network, or both. Online, the address is that
// of the page, which tells how to join, unless the view has the real one.
func dataEventLocation(p EventPage) []thing {
	line, venue := p.Event.Line, p.Event.Venue
	var locations []thing
	if name := feedFirst(venue.Name, line.Place); line.Mode != "online" && line.Status != "moved_online" &&
		(name != "" || venue.Address != "") {
		place := newThing("Place")
		place.add("name", name)
		place.add("address", addressThing(venue.PostalCode, venue.Address))
		if venue.Address == "" {
			place.add("address", name) // Google wants an address; a text will do
		}
		place.add("hasMap", dataURL(p.Head, venue.Map))
		locations = append(locations, place)
	}
	if line.Mode == "online" || line.Mode == "hybrid" || line.Status == "moved_online" {
		network := newThing("VirtualLocation")
		network.add("name", p.Event.Online.Service)
		network.add("url", feedFirst(dataURL(p.Head, p.Event.Online.URL), p.Head.Canonical))
		locations = append(locations, network)
	}
	return locations
}

// dataOffer is the fee, if it is known: an offer without a price says nothing.
func dataOffer(p EventPage) thing {
	fee, line := p.Event.Fee, p.Event.Line
	if !fee.Known {
		return nil
	}
	offer := newThing("Offer")
	price := fee.Amount
	if fee.Free {
		price = 0
	}
	offer = append(offer, member{"price", price}) // also 0
	offer.add("priceCurrency", feedFirst(fee.Currency, "JPY"))
	availability := "https://schema.org/InStock"
	if line.Closed || line.Past || line.Status == "full" || line.Status == "cancelled" {
		availability = "https://schema.org/SoldOut"
	}
	offer.add("availability", availability)
	offer.add("validFrom", dataTime(p.Article.Card.Date))
	offer.add("validThrough", dataTime(line.Until))
	offer.add("url", p.Head.Canonical)
	return offer
}
