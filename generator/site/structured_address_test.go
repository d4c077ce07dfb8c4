package site

import "testing"

func TestAddressesAreSplit(t *testing.T) {
	tests := []struct{ address, region, locality, street string }{
		{"東京都千代田区丸の内1-2-3", "東京都", "千代田区", "丸の内1-2-3"},
		{"京都府京都市中京区寺町通御池上る", "京都府", "京都市中京区", "寺町通御池上る"},
		{"大阪府 大阪市北区 梅田1", "大阪府", "大阪市北区", "梅田1"},
		{"北海道札幌市中央区北1条西2丁目", "北海道", "札幌市中央区", "北1条西2丁目"},
		{"千葉県市川市八幡3-3", "千葉県", "市川市", "八幡3-3"},
		{"三重県四日市市諏訪町1-5", "三重県", "四日市市", "諏訪町1-5"},
		{"東京都町田市森野2-2", "東京都", "町田市", "森野2-2"},
		{"東京都武蔵村山市本町1", "東京都", "武蔵村山市", "本町1"},
		{"福島県郡山市朝日1-23", "福島県", "郡山市", "朝日1-23"},
		{"奈良県高市郡明日香村岡55", "奈良県", "高市郡明日香村", "岡55"},
		{"群馬県佐波郡玉村町下新田201", "群馬県", "佐波郡玉村町", "下新田201"},
		{"山梨県西八代郡市川三郷町市川大門", "山梨県", "西八代郡市川三郷町", "市川大門"},
		{"茨城県つくばみらい市福田195", "茨城県", "つくばみらい市", "福田195"},
		{"鹿児島県鹿児島市山下町11-1", "鹿児島県", "鹿児島市", "山下町11-1"},
		{"上海市浦東新区", "", "", "上海市浦東新区"},
		{"1 Infinite Loop", "", "", "1 Infinite Loop"},
	}
	for _, test := range tests {
		t.Run(test.address, func(t *testing.T) {
			region, locality, street := splitAddress(test.address)
			if region != test.region || locality != test.locality || street != test.street {
				t.Errorf("got %q, %q, %q, want %q, %q, %q", region, locality, street, test.region, test.locality, test.street)
			}
		})
	}
}

func TestAddressesInJapan(t *testing.T) {
	tests := []struct {
		name, code, text string
		want             bool
	}{
		{"by prefecture", "", "大阪府大阪市", true},
		{"by postal code", "105-0014", "芝1-2-3", true},
		{"by a prefecture in Latin letters", "", "1-2-3 Shiba, Minato-ku, Tokyo 105-0014", true},
		{"by the country", "", "Kita-ku, Japan", true},
		{"a city in China", "", "上海市浦東新区", false},
		{"a city in America", "95014", "Cupertino, California", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := inJapan(test.code, test.text); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
