/* global document, EventSource, fetch, performance */
/** The service's page: figures as they come, switches, and a counter for walk-in customers. */
const at = (id) => document.getElementById(id)
const millis = (value) =>
  value < 10 ? `${value.toFixed(1)} ms` : value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`
const perSecond = (value) => value.toFixed(value < 10 ? 1 : 0)

/** Two a second. */
const POINTS = 120
const past = { rate: [], p50: [], p95: [] }

const live = new EventSource("/live")
live.onmessage = ({ data }) => show(JSON.parse(data))
live.onerror = () => {
  at("process").textContent = "The service does not answer."
  document.body.dataset.lost = ""
}

function show({ all, goroutines, pid, routes, switches, waitingOrders }) {
  delete document.body.dataset.lost
  at("rate").textContent = perSecond(all.rate)
  at("p50").textContent = millis(all.p50)
  at("p95").textContent = millis(all.p95)
  at("refused").textContent = perSecond(all.refused)
  at("goroutines").textContent = goroutines.toLocaleString("en")
  at("p95").classList.toggle("bad", all.p95 > 500)
  at("refused").classList.toggle("bad", all.refused > 0)
  for (const name of ["rate", "p50", "p95"]) past[name] = [...past[name], all[name]].slice(-POINTS)
  const mostRate = draw("rate-chart", { first: past.rate })
  const mostMillis = draw("latency-chart", { first: past.p50, second: past.p95 })
  at("rate-most").textContent = `up to ${perSecond(mostRate)}`
  at("latency-most").textContent = `up to ${millis(mostMillis)}`
  at("routes").replaceChildren(
    ...Object.keys(routes)
      .sort()
      .map((route) => row(route, routes[route])),
  )
  showSwitches(switches)
  at("process").textContent = `Process ${pid}. Orders that wait for a weaver: ${waitingOrders} of 16.`
}

/** Areas under their lines, all to the scale of the highest point, which is the answer. */
function draw(id, lines) {
  const most = Math.max(...Object.values(lines).flat())
  for (const [name, values] of Object.entries(lines)) {
    const start = POINTS - values.length
    const points = values.map((value, i) => `${start + i},${39.5 - (38 * value) / (most || 1)}`)
    const area = [`${start},40`, ...points, `${POINTS - 1},40`].join(" ")
    at(id).querySelector(`.${name}`).setAttribute("points", area)
  }
  return most
}

function row(route, { p50, p95, rate, refused }) {
  const tr = document.createElement("tr")
  for (const text of [route, perSecond(rate), millis(p50), millis(p95), perSecond(refused)]) {
    tr.append(Object.assign(document.createElement("td"), { textContent: text }))
  }
  tr.cells[3].classList.toggle("bad", p95 > 500)
  tr.cells[4].classList.toggle("bad", refused > 0)
  return tr
}

function showSwitches(positions) {
  for (const box of at("switches").querySelectorAll("input")) box.checked = positions[box.name]
}

at("switches").addEventListener("change", async ({ target }) => {
  const response = await fetch(`/switches?name=${target.name}&on=${target.checked}`, { method: "POST" })
  showSwitches(await response.json())
})

at("order").addEventListener("submit", async (event) => {
  event.preventDefault()
  const isOrder = event.submitter?.name === "order"
  const text = encodeURIComponent(at("text").value)
  const start = performance.now()
  at("answer").textContent = "…"
  const response = await fetch(`/${isOrder ? "orders" : "quote"}?text=${text}`, { method: isOrder ? "POST" : "GET" })
  const body = await response.json()
  const took = `(${response.status}, ${millis(performance.now() - start)})`
  at("answer").textContent = `${inWords(body)}\n${took}`
})

function inWords({ cents, error, loom, number, rows, threads }) {
  if (error !== undefined) return error
  if (rows !== undefined) return `${rows.join("\n")}\nOrder ${number} is ready.`
  return `${(cents / 100).toFixed(2)} for ${threads} threads on the ${loom} loom.`
}
