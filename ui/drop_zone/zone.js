// One drop zone per parent element. This function runs again whenever Python sends data or the theme changes, so
// what is under way lives in `zones`, and handlers are assigned, never added twice.
const zones = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  const zone = zones.get(parentElement) ?? { request: null }
  zones.set(parentElement, zone)
  const find = selector => parentElement.querySelector(selector)
  const { words } = data
  find(".ask").textContent = words.ask
  find(".hint").textContent = words.hint
  find(".cancel").textContent = words.cancel

  const show = (part, error = "") => {
    find(".idle").hidden = part !== "idle"
    find(".busy").hidden = part !== "busy"
    find(".file").disabled = part === "busy"
    find(".error").hidden = !error
    find(".error").textContent = error
  }

  const fill = (sent, total) => {
    const percent = total ? Math.floor((100 * sent) / total) : 0
    find(".bar i").style.width = `${percent}%`
    find(".bar").setAttribute("aria-valuenow", percent)
    find(".amount").textContent =
      sent < total ? `${size(sent)} / ${size(total)} · ${percent} %` : words.storing
  }

  const end = (error = "") => {
    zone.request = null
    window.removeEventListener("beforeunload", warn)
    find(".file").value = ""
    show("idle", error)
  }

  const send = file => {
    const request = new XMLHttpRequest()
    zone.request = request
    const sign = data.address.includes("?") ? "&" : "?"
    request.open("PUT", `${data.address}${sign}name=${encodeURIComponent(file.name)}`)
    request.upload.onprogress = event => fill(event.loaded, event.total)
    request.onload = () => {
      const answer = parse(request.responseText)
      end(request.status === 200 ? "" : answer.error ?? `${words.failed} (${request.status})`)
      if (request.status === 200) setTriggerValue("uploaded", answer)
    }
    request.onerror = () => end(words.lost)
    request.onabort = () => end()
    window.addEventListener("beforeunload", warn)
    find(".name").textContent = file.name
    find(".bar").setAttribute("aria-label", file.name)
    fill(0, file.size)
    show("busy")
    request.send(file)
  }

  const take = (files, hasFolder) => {
    if (zone.request) return
    if (hasFolder) return end(words.folder)
    if (files.length > 1) return end(words.several)
    if (!files.length) return
    if (files[0].size > data.limit) return end(words.large)
    send(files[0])
  }

  const box = find(".zone")
  find(".file").onchange = event => take([...event.target.files], false)
  find(".cancel").onclick = () => zone.request?.abort()
  box.ondragover = event => {
    event.preventDefault()
    box.classList.add("over")
  }
  box.ondragleave = event => {
    if (!box.contains(event.relatedTarget)) box.classList.remove("over")
  }
  box.ondrop = event => {
    event.preventDefault()
    box.classList.remove("over")
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.())
    take([...event.dataTransfer.files], entries.some(entry => entry?.isDirectory))
  }
  if (!zone.request && find(".idle").hidden) show("idle")
}

// An upload goes on when the person moves to another page of Leyden, but not when the tab is closed.
function warn(event) {
  event.preventDefault()
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"]
  let unit = 0
  while (bytes >= 999.5 && unit < units.length - 1) {
    bytes /= 1000
    unit += 1
  }
  return `${bytes.toFixed(unit && bytes < 99.5 ? 1 : 0)} ${units[unit]}`
}
