package site

import (
	"testing"
	"time"
)

func samplePublicEvent() EventPage {
	p := EventPage{Site: dataSite, Head: dataHead, Article: dataArticle}
	p.Event = Event{
		Line: EventLine{
			Start: time.Date(2026, 5, 20, 18, 30, 0, 0, tokyoTime), End: time.Date(2026, 5, 20, 20, 30, 0, 0, tokyoTime),
			Mode: "offline", Until: time.Date(2026, 5, 13, 23, 59, 59, 0, tokyoTime),
		},
		Venue:    Venue{Name: "例社ホール", PostalCode: "〒220-0012", Address: "神奈川県横浜市西区みなとみらい2-3"},
		Fee:      Fee{Known: true, Amount: 3000, Currency: "JPY"},
		Capacity: 40, Speakers: []Person{{Name: "鈴木 花子"}},
	}
	return p
}

var eventDataTests = []struct {
	name   string
	change func(*EventPage)
	wants  []dataWant // nil: no Event at all
}{
	{"at a place", func(*EventPage) {}, []dataWant{
		{keys("name"), "新工場が動く"}, {keys("startDate"), "2026-05-20T18:30:00+09:00"}, {keys("endDate"), "2026-05-20T20:30:00+09:00"},
		{keys("eventStatus"), "https://schema.org/EventScheduled"},
		{keys("eventAttendanceMode"), "https://schema.org/OfflineEventAttendanceMode"},
		{keys("location", "@type"), "Place"}, {keys("location", "name"), "例社ホール"},
		{keys("location", "address", "addressLocality"), "横浜市西区"}, {keys("location", "address", "postalCode"), "220-0012"},
		{keys("offers", "price"), 3000}, {keys("offers", "priceCurrency"), "JPY"},
		{keys("offers", "availability"), "https://schema.org/InStock"}, {keys("offers", "validThrough"), "2026-05-13T23:59:59+09:00"},
		{keys("isAccessibleForFree"), false}, {keys("maximumAttendeeCapacity"), 40},
		{keys("organizer", "name"), "株式会社例社"}, {keys("performer", "name"), "鈴木 花子"},
		{keys("image", "url"), "https://example.jp/alumni/a.jpg"},
	}},
	{"online the address is that of the page", func(p *EventPage) { p.Event.Line.Mode = "online" }, []dataWant{
		{keys("location", "@type"), "VirtualLocation"}, {keys("location", "url"), "https://example.jp/alumni/news/a/"},
		{keys("eventAttendanceMode"), "https://schema.org/OnlineEventAttendanceMode"},
	}},
	{"hybrid has both", func(p *EventPage) { p.Event.Line.Mode = "hybrid" }, []dataWant{
		{keys("location", 0, "@type"), "Place"}, {keys("location", 1, "@type"), "VirtualLocation"},
		{keys("eventAttendanceMode"), "https://schema.org/MixedEventAttendanceMode"},
	}},
	{"free of charge", func(p *EventPage) { p.Event.Fee = Fee{Known: true, Free: true} }, []dataWant{
		{keys("offers", "price"), 0}, {keys("offers", "priceCurrency"), "JPY"}, {keys("isAccessibleForFree"), true},
	}},
	{"a fee that is not known is not made up", func(p *EventPage) { p.Event.Fee = Fee{} }, []dataWant{
		{keys("offers"), nil}, {keys("isAccessibleForFree"), nil},
	}},
	{"full", func(p *EventPage) { p.Event.Line.Status = "full" }, []dataWant{
		{keys("offers", "availability"), "https://schema.org/SoldOut"}, {keys("eventStatus"), "https://schema.org/EventScheduled"},
	}},
	{"over", func(p *EventPage) { p.Event.Line.Past = true }, []dataWant{{keys("eventStatus"), "https://schema.org/EventScheduled"}}},
	{"postponed", func(p *EventPage) { p.Event.Line.Status = "postponed" }, []dataWant{
		{keys("eventStatus"), "https://schema.org/EventPostponed"}}},
	{"cancelled", func(p *EventPage) { p.Event.Line.Status = "cancelled" }, []dataWant{
		{keys("eventStatus"), "https://schema.org/EventCancelled"}}},
	{"moved online", func(p *EventPage) { p.Event.Line.Status = "moved_online" }, []dataWant{
		{keys("eventStatus"), "https://schema.org/EventMovedOnline"}, {keys("location", "@type"), "VirtualLocation"},
		{keys("eventAttendanceMode"), "https://schema.org/OnlineEventAttendanceMode"},
	}},
	{"whole days have no time", func(p *EventPage) { p.Event.Line.AllDay = true }, []dataWant{
		{keys("startDate"), "2026-05-20"}, {keys("endDate"), "2026-05-20"},
	}},
	{"members' events are not described", func(p *EventPage) { p.Article.Card.Seal = "同窓生" }, nil},
	{"an event without a place lacks what is required", func(p *EventPage) { p.Event.Venue = Venue{} }, nil},
}

func TestEventsAreDescribed(t *testing.T) {
	for _, test := range eventDataTests {
		t.Run(test.name, func(t *testing.T) {
			p := samplePublicEvent()
			test.change(&p)
			kind := "Event"
			if test.wants == nil {
				kind = ""
			}
			checkData(t, eventData(p), kind, test.wants)
		})
	}
}
