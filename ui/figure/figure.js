// One figure, drawn in place by Plotly.react, so that zoom survives; and taken away as a picture or as its numbers.
// Python decides what is drawn and which numbers belong to it.

const PLOTS = new WeakMap() // parentElement -> ResizeObserver
const TITLE = 64 // px above a picture
const LEGEND_LINE = 20

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  if (!data) return
  const root = parentElement.querySelector(".leyden-figure")
  const plot = root.querySelector(".leyden-drawing")
  root.querySelector(".leyden-figure-title").textContent = data.title
  root.querySelector(".leyden-takes").replaceChildren(...takes(plot, data))
  // Its place is kept while the library loads, so that nothing below it moves.
  plot.style.minHeight = `${data.figure.layout.height}px`
  plot.setAttribute("role", "img")
  plot.setAttribute("aria-label", data.title)
  loadPlotly(data.plotly).then(
    () => {
      window.Plotly.react(plot, data.figure.data, { ...data.figure.layout, autosize: true }, {
        displaylogo: false,
        displayModeBar: false,
        doubleClick: "reset",
        responsive: false,
      })
      observe(parentElement, plot)
      plot.removeAllListeners("plotly_restyle")
      if (data.has_axes) plot.on("plotly_restyle", () => setTriggerValue("axes", axesOf(plot)))
    },
    () => (plot.textContent = data.unavailable),
  )
  return () => forget(parentElement, plot)
}

// Of parallel coordinates, after one was dragged. Plotly has a range of everything where it was cleared.
function axesOf(plot) {
  const axes = plot.data[0].dimensions
  const kept = axes.filter((axis) => axis.constraintrange?.length).map((axis) => [axis.name, axis.constraintrange.flat()])
  return { order: axes.map((axis) => axis.name), kept: Object.fromEntries(kept) }
}

function observe(parentElement, plot) {
  if (PLOTS.has(parentElement)) return
  const observer = new ResizeObserver(() => plot.data && plot.clientWidth && window.Plotly.Plots.resize(plot))
  observer.observe(plot)
  PLOTS.set(parentElement, observer)
}

function forget(parentElement, plot) {
  PLOTS.get(parentElement)?.disconnect()
  PLOTS.delete(parentElement)
  window.Plotly?.purge(plot)
}

function takes(plot, data) {
  const picture = (format) => () => save(plot, data, format)
  const csv = () => {
    const url = data.csv_url || URL.createObjectURL(new Blob(["\ufeff", data.csv], { type: "text/csv;charset=utf-8" }))
    download(url, `${data.file}.csv`)
  }
  return [
    ["PNG", picture("png")],
    ["SVG", picture("svg")],
    ["CSV", csv],
  ].map(([label, act]) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = label
    button.title = data.take.replace("{format}", label)
    button.ariaLabel = `${button.title}: ${data.title}`
    button.onclick = act
    return button
  })
}

// A picture stands alone: it has a ground, a title and a legend, which the page shows elsewhere.
async function save(plot, data, format) {
  const { width, height } = plot.getBoundingClientRect()
  const margin = { ...plot.layout.margin }
  // Names are long: beside the drawing they would leave no room for it, so they stand below, one a line.
  const names = data.alone.showlegend ? plot.data.filter((trace) => trace.showlegend !== false).length : 0
  const below = names ? LEGEND_LINE * names + 24 : 0
  const layout = { ...plot.layout, ...data.alone, width: Math.max(width, 640), autosize: false }
  layout.height = height + TITLE + below
  layout.margin = { ...margin, t: (margin.t ?? 0) + TITLE, b: (margin.b ?? 0) + below }
  layout.legend = { ...plot.layout.legend, orientation: "v", x: 0, y: 0.01, xanchor: "left", yanchor: "bottom" }
  layout.legend.yref = "container"
  const subtitle = { text: data.subtitle, font: { size: 12, color: data.ink } }
  const font = { size: 16, color: data.ink }
  layout.title = { text: data.plot_title, x: 0.02, y: 1 - 26 / layout.height, yanchor: "middle", font, subtitle }
  const url = await window.Plotly.toImage(
    { data: plot.data, layout },
    { format, width: layout.width, height: layout.height, scale: format === "png" ? 2 : 1 },
  )
  download(URL.createObjectURL(await (await fetch(url)).blob()), `${data.file}.${format}`)
}

function download(url, name) {
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 10000)
}
