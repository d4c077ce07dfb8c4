package site

import (
	"regexp"
	"slices"
	"strings"
)

// addressThing is a PostalAddress of an address as it is written in Japan,
// from the prefecture down; one that is not understood stays in one piece.
func addressThing(postalCode, address string) thing {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil
	}
	code, rest := splitPostalCode(postalCode, address)
	region, locality, street := splitAddress(rest)
	data := newThing("PostalAddress")
	data.add("streetAddress", street)
	data.add("addressLocality", locality)
	data.add("addressRegion", region)
	data.add("postalCode", code)
	if inJapan(code, region, rest) {
		data.add("addressCountry", "JP")
	}
	return data
}

var (
	japanesePostalCode = regexp.MustCompile(`^[0-9]{3}-?[0-9]{4}$`)
	leadingPostalCode  = regexp.MustCompile(`^〒?[\s\x{3000}]*([0-9]{3}-[0-9]{4})[\s\x{3000}]*`)
	prefecture         = regexp.MustCompile(`^(?:日本国?[ \x{3000}]*)?(東京都|北海道|(?:大阪|京都)府|(?:神奈川|和歌山|鹿児島)県|` +
		`(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|` +
		`兵庫|奈良|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|沖縄)県)`)
	// municipality takes the city, ward, town or village at the start. The
	// names listed hold a 市, 郡, 町, 村 or 区 that does not end them.
	municipality = regexp.MustCompile(`^((?:旭川|石狩|盛岡|奥州|田村|南相馬|東村山|武蔵村山|羽村|十日町|野々市|大町|蒲郡|` +
		`四日市|大和郡山|郡山|郡上|小郡|廿日市|大村|村上|村山|町田|市川|市原)市|` +
		`(?:余市|高市|[^市郡]{1,3})郡(?:玉村|大町|.{1,5}?)[町村]|(?:[^市区町村]{1,5}市)[^市区町村0-9０-９]{1,4}区|.{1,6}?[市区町村])`)
)

// splitPostalCode takes a postal code from the start of an address that has
// none of its own.
func splitPostalCode(code, address string) (string, string) {
	code = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(code), "〒"))
	if found := leadingPostalCode.FindStringSubmatch(address); found != nil {
		return feedFirst(code, found[1]), address[len(found[0]):]
	}
	return code, address
}

// splitAddress takes prefecture and municipality from the start of an address.
// Without a prefecture nothing is certain: 上海市 is not in Japan.
func splitAddress(address string) (region, locality, street string) {
	found := prefecture.FindStringSubmatch(address)
	if found == nil {
		return "", "", address
	}
	region = found[1]
	street = trimJapaneseSpace(address[len(found[0]):])
	locality = municipality.FindString(street)
	return region, locality, trimJapaneseSpace(street[len(locality):])
}

func trimJapaneseSpace(s string) string { return strings.Trim(s, " \t\n\u3000") }

// locationAddress is the PostalAddress of a place of work; nothing if it is not
// known to be in Japan, the only country that a Location can tell. An address
// that repeats region and locality loses them.
func locationAddress(location Location) thing {
	code, address := splitPostalCode(location.PostalCode, strings.TrimSpace(location.Street))
	region, locality, street := splitAddress(address)
	region, locality = feedFirst(location.Region, region), feedFirst(location.Locality, locality)
	if location.Locality != "" {
		street = trimJapaneseSpace(strings.TrimPrefix(street, location.Locality))
	}
	if !inJapan(code, region, locality, address) {
		return nil
	}
	data := newThing("PostalAddress")
	data.add("streetAddress", street)
	data.add("addressLocality", locality)
	data.add("addressRegion", region)
	data.add("postalCode", code)
	data.add("addressCountry", "JP")
	return data
}

// inJapan reports whether a postal code or one of the texts shows an address to
// be in Japan: a prefecture at its start, as Japanese is written, or between
// commas, as in English. Characters alone do not: 上海市 is in China.
func inJapan(code string, texts ...string) bool {
	if japanesePostalCode.MatchString(code) {
		return true
	}
	for _, text := range texts {
		if prefecture.MatchString(strings.TrimSpace(text)) {
			return true
		}
		for piece := range strings.SplitSeq(strings.ToLower(text), ",") {
			words := strings.FieldsFunc(piece, func(r rune) bool { return r == ' ' || r == '-' })
			if len(words) > 0 && slices.Contains(latinPrefectures, words[0]) {
				return true
			}
		}
	}
	return false
}

// latinPrefectures is the prefectures as English editions write them, and the
// country.
var latinPrefectures = strings.Fields(`
	japan hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa
	niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama
	tottori shimane okayama hiroshima yamaguchi tokushima kagawa ehime kochi fukuoka saga nagasaki kumamoto oita
	miyazaki kagoshima okinawa`)
