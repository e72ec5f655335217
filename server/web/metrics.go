package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"jana/protocol/board"
	"jana/server/room"
)

// metrics are what the one who hosts Jana can watch. No name or label tells of a board.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	closed   *prometheus.CounterVec
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jana_http_request_seconds", Help: "Duration of HTTP calls.", Buckets: []float64{.001, .005, .025, .1, .5, 2, 10},
		}, []string{"method", "route", "status"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jana_http_refused_total", Help: "HTTP calls that were refused, by code.",
		}, []string{"code"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jana_sockets_closed_total", Help: "Websockets that the server closed, by status.",
		}, []string{"status"}),
	}
	m.registry.MustRegister(
		m.requests, m.refused, m.closed, collector{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete:
	default:
		method = "other" // what strangers make up must not make series
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *metrics) close(status int) { m.closed.WithLabelValues(strconv.Itoa(status)).Inc() }

// collector reads what others count.
type collector struct{ s *Server }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("jana_"+name, help, labels, nil)
}

var (
	roomsDesc      = describe("rooms", "Boards that are open.")
	membersDesc    = describe("members", "People at boards, by socket.")
	socketsDesc    = describe("sockets", "Websockets that are open.")
	entriesDesc    = describe("entries_total", "Entries applied, duplicates not counted.")
	opsDesc        = describe("ops_total", "Ops applied.")
	duplicatesDesc = describe("duplicates_total", "Pushes that had been applied before.")
	framesDesc     = describe("frames_total", "Frames made, one per room and tick.")
	deliveriesDesc = describe("deliveries_total", "Frames times the people they went to.")
	joinsDesc      = describe("joins_total", "People who came to a board.")
	continuedDesc  = describe("joins_continued_total", "Of these, who went on from their position.")
	slowDesc       = describe("slow_readers_total", "Backlogs that were replaced by a fresh welcome.")
	tooSlowDesc    = describe("too_slow_total", "People closed because they could not keep up.")
	failedDesc     = describe("rooms_failed_total", "Boards that were stopped to be loaded anew.")
	renewedDesc    = describe("renewed_total", "Boards that went on in another epoch: their order had begun anew.")
	astrayDesc     = describe("astray_total", "Boards that had come to another state than at another instance, and were taken from Redis.")
	rescuedDesc    = describe("rescued_total", "Entries that had lost their places and got new ones.")
	refusedDesc    = describe("ops_refused_total", "Ops refused, by code.", "code")
	savedDesc      = describe("saved_seconds", "From ordered to saved.")
	queuedDesc     = describe("store_queued_entries", "Entries that wait to be saved.")
	flushesDesc    = describe("store_flushes_total", "Transactions on disk.")
	storedDesc     = describe("store_entries_total", "Entries saved.")
	bytesDesc      = describe("store_bytes", "Size of the file of boards.")
	healthyDesc    = describe("store_healthy", "1 if boards can be saved, else 0.")

	// Those of an instance that is not alone.
	redisDesc    = describe("redis_up", "1 if Redis is of use, else 0: then nothing is ordered.")
	clockDesc    = describe("redis_clock_seconds", "By how much this machine's clock is ahead of that of Redis.")
	sentDesc     = describe("relay_sent_total", "Messages of presence sent to other instances.")
	receivedDesc = describe("relay_received_total", "Messages of presence that came from other instances.")
	droppedDesc  = describe("relay_dropped_total", "Messages of presence that were not sent: Redis was slow or away.")
)

// Describe implements prometheus.Collector.
func (collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		roomsDesc, membersDesc, socketsDesc, entriesDesc, opsDesc, duplicatesDesc, framesDesc, deliveriesDesc, joinsDesc,
		continuedDesc, slowDesc, tooSlowDesc, failedDesc, renewedDesc, astrayDesc, rescuedDesc, refusedDesc, savedDesc, queuedDesc, flushesDesc, storedDesc,
		bytesDesc, healthyDesc, redisDesc, clockDesc, sentDesc, receivedDesc, droppedDesc,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	count := func(d *prometheus.Desc, v int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	rooms, members := c.s.hub.Rooms()
	gauge(roomsDesc, float64(rooms))
	gauge(membersDesc, float64(members))
	gauge(socketsDesc, float64(c.s.sockets.count()))
	n := c.s.hub.Counters()
	count(entriesDesc, n.Entries.Load())
	count(opsDesc, n.Ops.Load())
	count(duplicatesDesc, n.Duplicates.Load())
	count(framesDesc, n.Frames.Load())
	count(deliveriesDesc, n.Deliveries.Load())
	count(joinsDesc, n.Joins.Load())
	count(continuedDesc, n.Continued.Load())
	count(slowDesc, n.SlowReader.Load())
	count(tooSlowDesc, n.TooSlow.Load())
	count(failedDesc, n.Failed.Load())
	count(renewedDesc, n.Renewed.Load())
	count(astrayDesc, n.Astray.Load())
	count(rescuedDesc, n.Rescued.Load())
	n.Refused(func(code board.Code, refused int64) bool {
		count(refusedDesc, refused, string(code))
		return true
	})
	buckets, sum := n.Saved.Read()
	below := map[float64]uint64{}
	total := uint64(0)
	for i, b := range buckets {
		total += uint64(b)
		if i < len(room.Bounds) {
			below[room.Bounds[i].Seconds()] = total
		}
	}
	to <- prometheus.MustNewConstHistogram(savedDesc, total, sum.Seconds(), below)
	disk := c.s.disk()
	gauge(queuedDesc, float64(disk.Queued))
	count(flushesDesc, int64(disk.Flushes))
	count(storedDesc, int64(disk.Entries))
	gauge(bytesDesc, float64(disk.Bytes))
	gauge(healthyDesc, works(disk.Err))
	if c.s.others == nil {
		return
	}
	others := c.s.others()
	gauge(redisDesc, works(others.Err))
	gauge(clockDesc, others.Clock.Seconds())
	count(sentDesc, others.Sent)
	count(receivedDesc, others.Received)
	count(droppedDesc, others.Dropped)
}

// works is a gauge of what has an error while it does not.
func works(err error) float64 {
	if err != nil {
		return 0
	}
	return 1
}
