package board

// Value10 is a note's value on an axis in tenths, 0–1000, and whether its
// centre lies in the band; outside the band a note has no value.
//
// value = floor((2000·(x−x0) + (x1−x0)) / (2·(x1−x0))) after clamping x: 100
// times the share of the axis, rounded half up to one decimal.
func Value10(axis *Item, x, y int64) (int64, bool) {
	if axis == nil || y < axis.Int("bandTop") || y > axis.Int("bandBottom") {
		return 0, false
	}
	x0, x1 := axis.Int("x0"), axis.Int("x1")
	if x1 <= x0 {
		return 0, false
	}
	x = min(max(x, x0), x1)
	width := x1 - x0
	return (2000*(x-x0) + width) / (2 * width), true
}

// XOf10 is the board x of a value in tenths.
func XOf10(axis *Item, tenths int64) int64 {
	x0, x1 := axis.Int("x0"), axis.Int("x1")
	return x0 + (2*tenths*(x1-x0)+1000)/2000
}
