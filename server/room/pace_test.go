package room

import (
	"testing"
	"time"
)

// play runs a room's pace over updates, each a time since the start, and gives
// the times of its frames. behind tells for each frame how many of 50 members
// had not taken the one before.
func play(updates []time.Duration, behind func(frame int) int) (frames []time.Duration, merged []int) {
	start := time.Unix(1000, 0)
	p := newPace()
	waiting := 0
	flush := func(at time.Time) {
		frames = append(frames, at.Sub(start))
		merged = append(merged, waiting)
		waiting = 0
		p.flushed(at, behind(len(frames)), 50, false)
	}
	for _, u := range updates {
		now := start.Add(u)
		for due := p.due(); !due.IsZero() && due.Before(now); due = p.due() {
			flush(due)
		}
		p.note(now)
		waiting++
		if due := p.due(); !due.After(now) {
			flush(now)
		}
	}
	if due := p.due(); !due.IsZero() {
		flush(due)
	}
	return frames, merged
}

func nobody(int) int { return 0 }

func every(gap, until time.Duration) []time.Duration {
	var all []time.Duration
	for at := time.Duration(0); at < until; at += gap {
		all = append(all, at)
	}
	return all
}

func TestInAQuietRoomAFrameGoesAtOnce(t *testing.T) {
	// One person dragging at 20 Hz.
	updates := every(50*time.Millisecond, 2*time.Second)
	frames, _ := play(updates, nobody)
	if len(frames) != len(updates) {
		t.Fatalf("got %d frames of %d updates", len(frames), len(updates))
	}
	for i, at := range frames {
		if at != updates[i] {
			t.Errorf("the update at %v waited until %v", updates[i], at)
		}
	}
}

func TestInABusyRoomFramesAreATickApart(t *testing.T) {
	// Fifty people dragging at 20 Hz.
	updates := every(time.Millisecond, 2*time.Second)
	frames, merged := play(updates, nobody)
	for i := 10; i < len(frames); i++ {
		if gap := frames[i] - frames[i-1]; gap < minGap-maxEarly || gap > minGap {
			t.Errorf("frames at %v and %v", frames[i-1], frames[i])
		}
	}
	total := 0
	for _, n := range merged {
		total += n
	}
	if total != len(updates) {
		t.Errorf("got %d updates told, want %d", total, len(updates))
	}
}

func TestUpdatesInStepShareAFrame(t *testing.T) {
	// Five people at 20 Hz, all within a few ms.
	var updates []time.Duration
	for beat := time.Duration(0); beat < 2*time.Second; beat += 50 * time.Millisecond {
		for i := range 5 {
			updates = append(updates, beat+time.Duration(i)*time.Millisecond)
		}
	}
	frames, _ := play(updates, nobody)
	if most := 2*time.Second/(50*time.Millisecond) + 10; len(frames) > int(most) {
		t.Errorf("got %d frames for %d beats", len(frames), 2*time.Second/(50*time.Millisecond))
	}
}

func TestNothingWaitsLongerThanATick(t *testing.T) {
	for _, gap := range []time.Duration{300 * time.Microsecond, 3 * time.Millisecond, 9 * time.Millisecond, 15 * time.Millisecond, 17 * time.Millisecond, 40 * time.Millisecond, time.Second} {
		updates := every(gap, 3*time.Second)
		frames, merged := play(updates, nobody)
		next := 0
		for i, at := range frames {
			for range merged[i] {
				if wait := at - updates[next]; wait > minGap {
					t.Errorf("at one per %v, an update waited for %v", gap, wait)
				}
				next++
			}
		}
	}
}

func TestFramesAreFurtherApartWhenTheyAreNotTaken(t *testing.T) {
	slow := func(frame int) int {
		if frame > 20 && frame < 60 {
			return 25
		}
		return 0
	}
	frames, _ := play(every(time.Millisecond, 5*time.Second), slow)
	widest := time.Duration(0)
	for i := 1; i < len(frames); i++ {
		widest = max(widest, frames[i]-frames[i-1])
	}
	if widest > maxGap || widest < maxGap-maxEarly {
		t.Errorf("got a gap of %v at most, want %v", widest, maxGap)
	}
	last := len(frames) - 2
	if gap := frames[last] - frames[last-1]; gap > minGap {
		t.Errorf("got a gap of %v long after", gap)
	}
	// One reader who is slow by itself changes nothing.
	frames, _ = play(every(time.Millisecond, 2*time.Second), func(int) int { return 1 })
	last = len(frames) - 2
	if gap := frames[last] - frames[last-1]; gap > minGap {
		t.Errorf("one slow reader: got a gap of %v", gap)
	}
}
