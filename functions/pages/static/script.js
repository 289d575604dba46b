// What a page is better with and holds without: time that counts down, keys, and a warning before a text is lost.
"use strict";
(() => {
  const chinese = document.documentElement.lang === "zh";
  const left = (seconds) => {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    if (hours >= 48) return chinese ? `剩余 ${Math.floor(hours / 24)} 天` : `${Math.floor(hours / 24)} days left`;
    if (hours > 0) return chinese ? `剩余 ${hours} 小时 ${minutes} 分` : `${hours} h ${minutes} min left`;
    return chinese ? `剩余 ${minutes} 分钟` : `${minutes} min left`;
  };
  const clocks = [...document.querySelectorAll("[data-until]")];
  const count = () => clocks.forEach((clock) => {
    const seconds = (Date.parse(clock.dataset.until) - Date.now()) / 1000;
    if (seconds > 0) clock.textContent = left(seconds);
    clock.classList.toggle("soon", seconds < 4 * 3600);
  });
  if (clocks.length > 0) { count(); setInterval(count, 30000); }

  // Sending one form keeps the texts of that form alone; another one's would be lost without a word.
  const changed = new Set();
  document.addEventListener("input", (event) => { if (event.target.matches("textarea")) changed.add(event.target); });
  document.addEventListener("submit", (event) => changed.forEach((text) => { if (event.target.contains(text)) changed.delete(text); }));
  addEventListener("beforeunload", (event) => { if (changed.size > 0) event.preventDefault(); });

  // What a term means can be closed without moving away from it, and opens when it is come to anew.
  const terms = [...document.querySelectorAll(".term")];
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") terms.forEach((term) => term.classList.add("shut"));
  });
  terms.forEach((term) => ["pointerenter", "focus"].forEach((come) => term.addEventListener(come, () => term.classList.remove("shut"))));

  // What is entered is held against what it must not fall behind, as it is typed; sending it asks again.
  const form = document.querySelector("form[data-worse]");
  const compare = (output) => {
    const field = document.getElementById(output.htmlFor.value);
    const { least, most, worseIf, else: other } = field.dataset;
    const entered = field.type === "checkbox" ? (field.checked ? field.value : "") : field.value || document.getElementById(other)?.value || "";
    const behind = worseIf === undefined ? Math.sign(least ? least - entered : entered - (most || NaN)) : entered !== "" && entered === worseIf ? 1 : NaN;
    const says = entered === "" || Number.isNaN(behind) ? "" : ["better", "same", "worse"][behind + 1];
    output.textContent = says && form.dataset[says];
    output.className = { better: "ok", worse: "late" }[says] ?? "soft";
  };
  const compareAll = () => form.querySelectorAll("output").forEach(compare);
  if (form) { compareAll(); form.addEventListener("input", compareAll); }

  // Where one is stays in sight where the menu is one row, also when the page is turned or made narrow.
  const here = document.querySelector("nav [aria-current]");
  const show = () => { here.closest("ul").scrollLeft = here.offsetLeft - 100; };
  if (here) { show(); matchMedia("(max-width: 40rem)").addEventListener("change", show); }

  const keys = () => localStorage.getItem("keys") !== "off";
  const toggle = document.querySelector("[data-keys]");
  const say = () => { toggle.textContent = keys() ? toggle.dataset.on : toggle.dataset.off; };
  if (toggle && document.querySelector("[data-key], [data-row], kbd")) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => { localStorage.setItem("keys", keys() ? "off" : "on"); say(); });
    say();
  }

  // Each file goes to its bucket by a signed link; what the form then carries says which it was.
  const upload = document.querySelector("[data-upload]");
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const send = async (file) => {
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const declared = { file_name: file.name, content_type: file.type, bytes: file.size, sha256 };
    const link = await fetch(`${upload.dataset.upload}?${new URLSearchParams(declared)}`);
    if (!link.ok) throw new Error(link.status);
    const { url, method, headers } = (await link.json()).upload;
    delete headers["content-length"];
    const sent = await fetch(url, { method, headers, body: file });
    if (!sent.ok && sent.status !== 412) throw new Error(sent.status);
    return declared;
  };
  if (upload) {
    upload.hidden = false;
    const [field, list] = [upload.querySelector("input"), upload.querySelector("ul")];
    field.addEventListener("change", async () => {
      for (const file of field.files) {
        const row = list.appendChild(document.createElement("li"));
        row.textContent = `${file.name} …`;
        try {
          const carried = Object.assign(document.createElement("input"), { type: "hidden", value: JSON.stringify(await send(file)) });
          carried.name = `attachment.${list.querySelectorAll("input").length}`;
          row.textContent = file.name;
          row.append(carried);
        } catch {
          row.textContent = `${file.name}: ${upload.dataset.failed}`;
        }
      }
      field.value = "";
    });
  }

  const rows = () => [...document.querySelectorAll("[data-row] a")];
  document.addEventListener("keydown", (event) => {
    if (!keys()) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const all = rows();
      const next = all[all.indexOf(document.activeElement) + (key === "j" ? 1 : -1)] ?? (key === "j" ? all[0] : undefined);
      if (next) { next.focus(); event.preventDefault(); }
      return;
    }
    const goal = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!goal) return;
    event.preventDefault();
    if (goal.matches("details")) { goal.open = true; (goal.querySelector("input:not([type=hidden]), textarea, select") ?? goal.querySelector("summary"))?.focus(); }
    else if (goal.matches("button, a")) goal.click();
    else goal.focus();
  });
})();
