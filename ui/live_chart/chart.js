// Draws the panels that Python sends, each by Plotly.react, so that zoom and hover survive every update.
// Python decides what is drawn; this file decides nothing but how it looks in the current theme.

const CHARTS = new WeakMap() // parentElement -> { boxes: Map of panel id -> elements, observer }

export default function (component) {
  const { data, parentElement } = component
  if (!data) return
  const root = parentElement.querySelector(".leyden-charts")
  const chart = chartOf(parentElement, root)
  chart.data = data
  note(root, data.panels.length ? "" : data.empty)
  arrange(chart, root, data.panels)
  loadPlotly(data.plotly).then(
    () => chart.data === data && draw(chart, root),
    () => note(root, data.unavailable),
  )
  return () => forget(parentElement)
}

function chartOf(parentElement, root) {
  if (!CHARTS.has(parentElement)) {
    const chart = { boxes: new Map(), data: null }
    chart.observer = new ResizeObserver(() => resize(chart))
    chart.observer.observe(root)
    CHARTS.set(parentElement, chart)
  }
  return CHARTS.get(parentElement)
}

function forget(parentElement) {
  const chart = CHARTS.get(parentElement)
  if (!chart) return
  chart.observer.disconnect()
  for (const box of chart.boxes.values()) window.Plotly?.purge(box.plot)
  CHARTS.delete(parentElement)
}

function note(root, text) {
  const line = root.querySelector(".leyden-note")
  line.textContent = text
  line.hidden = !text
}

// Makes the boxes that are missing, removes those that are no longer sent, and keeps the order.
function arrange(chart, root, panels) {
  const grid = root.querySelector(".leyden-grid")
  const wanted = new Set(panels.map((panel) => panel.id))
  for (const [id, box] of chart.boxes) {
    if (wanted.has(id)) continue
    window.Plotly?.purge(box.plot)
    box.figure.remove()
    chart.boxes.delete(id)
  }
  panels.forEach((panel, place) => {
    if (!chart.boxes.has(panel.id)) chart.boxes.set(panel.id, newBox())
    const box = chart.boxes.get(panel.id)
    box.figure.className = `leyden-panel leyden-${panel.size}`
    if (grid.children[place] !== box.figure) grid.insertBefore(box.figure, grid.children[place] ?? null)
  })
}

function newBox() {
  const figure = element("figure")
  const caption = element("figcaption")
  const plot = element("div", "leyden-plot")
  figure.append(caption, plot)
  return { figure, caption, plot }
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.textContent = text
  return made
}

function draw(chart, root) {
  const theme = themeOf(root, chart.data.colours)
  for (const panel of chart.data.panels) {
    const box = chart.boxes.get(panel.id)
    write(box.caption, panel, theme)
    window.Plotly.react(box.plot, panel.lines.map((line) => trace(line, theme)), layout(panel, chart.data, theme), {
      displaylogo: false,
      displayModeBar: false,
      doubleClick: "reset",
    })
  }
}

function resize(chart) {
  if (!window.Plotly) return
  for (const box of chart.boxes.values()) if (box.plot.data) window.Plotly.Plots.resize(box.plot)
}

// The caption is the legend: a colour, a name and the newest value of each line.
function write(caption, panel, theme) {
  const title = element("span", "leyden-title", panel.title)
  const keys = panel.lines.map((line) => {
    const key = element("span", "leyden-key")
    const swatch = element("i")
    swatch.style.background = colour(line, theme)
    key.append(swatch, element("span", "", line.name), element("b", "", line.newest))
    return key
  })
  caption.replaceChildren(title, ...keys)
}

const colour = (line, theme) => theme.lines[line.role] ?? theme.text

function trace(line, theme) {
  const isSparse = line.x.length <= 40
  return {
    type: "scatter",
    mode: isSparse ? "lines+markers" : "lines",
    name: line.name,
    x: line.x,
    y: line.y,
    line: { color: colour(line, theme), width: 1.75 },
    marker: { size: line.x.length === 1 ? 7 : 4 },
    hovertemplate: `%{y:${line.format}}`,
  }
}

function layout(panel, data, theme) {
  const axis = {
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zeroline: false,
    tickfont: { size: 11 },
    automargin: true,
  }
  return {
    uirevision: `${data.revision} ${panel.id} ${panel.log}`,
    height: panel.size === "large" ? 270 : 190,
    margin: { l: 8, r: 12, t: panel.mark === null ? 6 : 20, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.muted, size: 12 },
    showlegend: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.background, bordercolor: theme.grid, font: { color: theme.text, size: 12 } },
    dragmode: "zoom",
    xaxis: {
      ...axis,
      title: { text: data.x_title, font: { size: 11 }, standoff: 6 },
      showgrid: false,
      ...(panel.x_span === null ? {} : { range: panel.x_span, autorange: false }),
      nticks: 8,
      hoverformat: data.x_format,
      spikethickness: 1,
      spikedash: "dot",
      spikecolor: theme.muted,
    },
    yaxis: {
      ...axis,
      type: panel.log ? "log" : "linear",
      rangemode: panel.from_zero ? "tozero" : "normal",
      ...(panel.top === null ? {} : { range: [0, 1.04 * panel.top], autorange: false }),
      ...(panel.span === null ? {} : { range: panel.span, autorange: false }),
      nticks: 6,
      tickformat: isLarge(panel) ? "~s" : ".3~g",
    },
    shapes: panel.mark === null ? [] : [best(panel.mark, theme)],
    annotations: panel.mark === null ? [] : [bestLabel(panel.mark, data.best, theme)],
  }
}

const isLarge = (panel) => panel.lines.some((line) => line.y.some((value) => Math.abs(value) >= 1000))

const best = (x, theme) => ({
  type: "line",
  x0: x,
  x1: x,
  yref: "paper",
  y0: 0,
  y1: 1,
  line: { color: theme.muted, width: 1, dash: "dot" },
})

const bestLabel = (x, text, theme) => ({
  x,
  y: 1,
  yref: "paper",
  // Above the panel: within it, high curves would run through the word.
  yanchor: "bottom",
  xanchor: "center",
  text,
  showarrow: false,
  font: { size: 10, color: theme.muted },
})

// Streamlit's own variables say which theme is on; the lines' colours come from Leyden's palette.
function themeOf(root, colours) {
  const style = getComputedStyle(root)
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim()
  const background = of("background-color")
  const own = isDark(background) ? colours.dark : colours.light
  return {
    background,
    text: of("text-color"),
    grid: of("border-color-light"),
    font: of("font"),
    muted: own.muted,
    lines: own,
  }
}

function isDark(background) {
  const probe = document.createElement("canvas").getContext("2d")
  probe.fillStyle = background
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128
}
