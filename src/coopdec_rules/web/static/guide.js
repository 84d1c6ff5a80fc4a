// The guided form made smoother.  Everything here has a plain HTML counterpart.
"use strict";
(() => {
  const form = document.getElementById("demande");
  if (!form) return;
  const state = () => new URLSearchParams(new FormData(form)).toString();

  // -- Find yourself: the search box becomes a combobox ------------------------------------------
  const box = document.getElementById("q");
  if (box) {
    const places = document.getElementById("lieux");
    const options = () => [...places.querySelectorAll("[role=option]")];
    const active = () => places.querySelector("[aria-selected=true]");
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", "lieux");
    box.setAttribute("aria-expanded", "false");
    const show = () => box.setAttribute("aria-expanded", String(options().length > 0));
    const mark = (option) => {
      options().forEach((o) => o.setAttribute("aria-selected", String(o === option)));
      if (option) {
        box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else box.removeAttribute("aria-activedescendant");
    };
    const choose = (option) => {
      const button = document.createElement("button");
      button.type = "submit";
      button.name = "lieu";
      button.value = option.dataset.code;
      button.hidden = true;
      form.append(button);
      form.requestSubmit(button);
    };
    const close = () => { places.replaceChildren(); mark(null); show(); };
    places.addEventListener("htmx:afterSwap", () => { mark(null); show(); });
    places.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    box.addEventListener("keydown", (event) => {
      const all = options();
      if (event.key === "Escape") { close(); return; }
      if (event.key === "Enter" && active()) { event.preventDefault(); choose(active()); return; }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !all.length) return;
      event.preventDefault();
      const next = all.indexOf(active()) + step;
      mark(next < 0 ? all[all.length - 1] : all[next % all.length]);
    });
    // What is typed there is no answer: it brings no question.
    box.addEventListener("change", (event) => event.stopPropagation());
  }

  // -- Questions that follow from an answer -------------------------------------------------------
  // An answer typed while a response was on its way is newer than this response.
  let sent = null;
  let open = [];
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target === form) sent = state();
  });
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "questions") return;
    if (state() !== sent) {
      event.detail.shouldSwap = false;
      htmx.trigger(form, "change");
      return;
    }
    open = [...form.querySelectorAll("details[open]")].map((d) => d.id);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "questions") return;
    open.forEach((id) => { const d = document.getElementById(id); if (d) d.open = true; });
    open = [];
    const address = document.getElementById("questions").dataset.adresse;
    if (address) history.replaceState(history.state, "", address);
    keep();
  });

  // -- The back button ----------------------------------------------------------------------------
  // The address of a page holds what was known when it was opened.  Going back to it, take what
  // has been answered since.  Kept by the browser until the tab is closed, and sent to nobody else.
  const memory = {
    get: (key) => { try { return sessionStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, value); } catch { /* refused */ } },
    drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* refused */ } },
  };
  const code = () => form.querySelector("input[name=s]").value;
  const draft = () => (history.state && history.state.demande) || null;
  const keep = () => { if (draft()) memory.set(`demande-${draft()}`, code()); };
  const enter = (again) => {
    const known = draft();
    if (again && known) {
      const latest = memory.get(`demande-${known}`);
      if (latest !== null && latest !== code()) {
        const address = new URL(location.href);
        address.searchParams.set("s", latest);
        address.searchParams.delete("rempli");
        address.searchParams.delete("nouvelles");
        history.replaceState(history.state, "", address);
        location.reload();
      }
      return;
    }
    if (!known) {
      const name = memory.get("demande-suite") || crypto.getRandomValues(new Uint32Array(2)).join("");
      history.replaceState({ ...history.state, demande: name }, "");
    }
    memory.drop("demande-suite");
    keep();
  };
  form.addEventListener("submit", () => { if (draft()) memory.set("demande-suite", draft()); });
  const [entry] = performance.getEntriesByType("navigation");
  enter(entry && entry.type === "back_forward");
  addEventListener("pageshow", (event) => { if (event.persisted) enter(true); });
})();
