// A table with real links, headers that sort, and ticks that select. Python decides what stands in it.

const STATES = new WeakMap() // parentElement -> Set of ticked ids
const RESTING = new WeakMap() // table -> what it showed when something was asked for
const LONGEST_REST_MS = 2000

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component
  const table = parentElement.querySelector("table")
  const ticked = tickedOf(parentElement, data)
  const change = () => setStateValue("selected", [...ticked])
  const shown = listOf(data)
  const ask = (what, value) => {
    rest(table, shown)
    setTriggerValue(what, value)
  }
  if (RESTING.get(table) !== shown) wake(table)
  table.setAttribute("aria-label", data.label)
  table.tHead.replaceChildren(head(data, ticked, change, (key) => ask("sort", key)))
  table.tBodies[0].replaceChildren(...data.rows.map((row) => line(row, data, ticked, change, ask)))
  syncAll(table, data, ticked)
}

// What can be asked for: which runs, their order and stars. Ages and progress change by themselves.
function listOf(data) {
  return JSON.stringify([data.sort, data.descending, data.rows.map((row) => [row.id, row.starred])])
}

// What was asked for changes the list: a tick before it has come would take it back. It may also change nothing.
function rest(table, shown) {
  RESTING.set(table, shown)
  table.inert = true
  setTimeout(() => wake(table), LONGEST_REST_MS)
}

function wake(table) {
  RESTING.delete(table)
  table.inert = false
}

// Also runs that a filter or another page hides: they are ticked when they come back, and left alone until then. Where the
// browser makes the table anew, behind a dialog say, Python still knows what was ticked.
function tickedOf(parentElement, data) {
  const ticked = STATES.get(parentElement) ?? new Set(data.selected)
  STATES.set(parentElement, ticked)
  return ticked
}

function head(data, ticked, change, sort) {
  const row = document.createElement("tr")
  const all = tick(data.all, false, (isOn) => {
    for (const one of data.rows) isOn ? ticked.add(one.id) : ticked.delete(one.id)
    for (const box of row.closest("table").querySelectorAll("tbody input")) box.checked = isOn
    change()
  })
  row.append(cell("th", "tick", all))
  for (const column of data.columns) {
    const th = cell("th", column.kind, column.sort ? sorter(column, data, sort) : document.createTextNode(column.title))
    if (column.sort === data.sort) th.ariaSort = data.descending ? "descending" : "ascending"
    row.append(th)
  }
  return row
}

function sorter(column, data, sort) {
  const button = document.createElement("button")
  button.type = "button"
  const arrow = column.sort !== data.sort ? "" : data.descending ? " ↓" : " ↑"
  button.textContent = column.title + arrow
  button.onclick = () => sort(column.sort)
  return button
}

function line(row, data, ticked, change, trigger) {
  const tr = document.createElement("tr")
  const box = tick(data.select.replace("{name}", row.label), ticked.has(row.id), (isOn) => {
    isOn ? ticked.add(row.id) : ticked.delete(row.id)
    syncAll(tr.closest("table"), data, ticked)
    change()
  })
  tr.append(cell("td", "tick", box))
  for (const column of data.columns) tr.append(cell("td", column.kind, ...content(column, row, data, trigger)))
  return tr
}

function content(column, row, data, trigger) {
  const value = row[column.key]
  if (column.kind === "star") return [star(row, data, trigger)]
  if (column.kind === "name") return [name(row, data, trigger)]
  if (value === undefined) return ["–"]
  if (column.kind === "state") return [state(value)]
  if (column.kind === "spark") return value.length > 1 ? [spark(value)] : []
  if (column.kind === "time") return [titled(value.text, value.exact)]
  if (column.kind === "figures") return value.map(figure)
  return [titled(value, value)]
}

function star(row, data, trigger) {
  const button = document.createElement("button")
  button.type = "button"
  button.ariaLabel = data.star.replace("{name}", row.label)
  button.ariaPressed = String(row.starred)
  button.textContent = row.starred ? "★" : "☆"
  button.onclick = () => trigger("star", row.id)
  return button
}

// The run's colour and number, its name as a link, its tags, and a line of its note.
function name(row, data, trigger) {
  const box = document.createElement("div")
  const swatch = document.createElement("i")
  swatch.style.background = `light-dark(${row.colours[0]}, ${row.colours[1]})`
  const texts = document.createElement("div")
  const title = document.createElement("div")
  title.className = "title"
  title.append(number(row.number), link(row, () => trigger("open", row.id)))
  texts.append(title)
  if (row.tags.length) texts.append(tags(row.tags, data, trigger))
  if (row.note) texts.append(titled(row.note, row.note))
  box.append(swatch, texts)
  return box
}

// Tells runs of one name apart; before the name, so that it stays in its place however long that is.
function number(text) {
  const small = document.createElement("small")
  small.textContent = text
  return small
}

function tags(names, data, trigger) {
  const box = document.createElement("div")
  box.className = "tags"
  for (const tag of names) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = tag
    button.title = data.with_tag.replace("{tag}", tag)
    button.onclick = () => trigger("tag", tag)
    box.append(button)
  }
  return box
}

function link(row, open) {
  const a = document.createElement("a")
  a.href = row.href
  a.textContent = row.name
  a.title = row.name
  a.onclick = (event) => {
    // With a modifier the browser opens its own tab; without one the page changes in place.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    open()
  }
  return a
}

function state(value) {
  const mark = document.createElement("span")
  mark.className = `mark ${value.name}`
  mark.textContent = value.text
  mark.title = value.reason
  return mark
}

function figure(value) {
  const span = document.createElement("span")
  const number = document.createElement("b")
  number.textContent = value.value
  span.append(number, ` ${value.title}`)
  return span
}

function titled(text, title) {
  const span = document.createElement("span")
  span.textContent = text
  span.title = title
  return span
}

function spark(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const points = values.map(
    (value, place) =>
      `${((place / (values.length - 1)) * 96 + 2).toFixed(1)},${(22 - ((value - low) / (high - low || 1)) * 20).toFixed(1)}`,
  )
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 100 24")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline")
  path.setAttribute("points", points.join(" "))
  svg.append(path)
  return svg
}

function tick(label, isOn, set) {
  const box = document.createElement("input")
  box.type = "checkbox"
  box.ariaLabel = label
  box.checked = isOn
  box.onchange = () => set(box.checked)
  return box
}

function syncAll(table, data, ticked) {
  const all = table.tHead.querySelector("input")
  const num = data.rows.filter((row) => ticked.has(row.id)).length
  all.checked = num > 0 && num === data.rows.length
  all.indeterminate = num > 0 && !all.checked
}

function cell(tag, kind, ...children) {
  const made = document.createElement(tag)
  made.className = kind
  if (tag === "th") made.scope = "col"
  made.append(...children)
  return made
}
