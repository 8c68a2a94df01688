#include "deliver/html/page_parts.h"

namespace trawl::deliver::html {

// Filters and unfolds; the page reads well without it.
std::string_view report_script()
{
    return R"js(
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const box = document.getElementById("filter");
  if (!box) { return; }
  const output = document.getElementById("shown");
  const sections = [...document.querySelectorAll(".level")];
  const findings = [...document.querySelectorAll(".finding")].map(node => ({node, level: node.dataset.level, text: null}));
  const levels = [...document.querySelectorAll(".toolbar [data-level]")];
  const unfold = document.getElementById("unfold");
  const nothing = document.getElementById("nothing-left");

  const apply = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(levels.filter(button => button.getAttribute("aria-pressed") === "true").map(button => button.dataset.level));
    let shown = 0;
    for (const finding of findings) {
      finding.text ??= finding.node.textContent.toLowerCase();
      const fits = wanted.has(finding.level) && words.every(word => finding.text.includes(word));
      finding.node.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector(".finding:not([hidden])");
    }
    nothing.hidden = shown > 0;
    output.textContent = shown === findings.length ? "" : shown + " of " + findings.length + " shown";
  };

  box.addEventListener("input", apply);
  for (const button of levels) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      box.value = box.value === button.dataset.filter ? "" : button.dataset.filter;
      apply();
      document.querySelector(".toolbar").scrollIntoView({block: "start"});
    });
  }
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Fold all" : "Unfold all";
    for (const finding of findings) { finding.node.open = open; }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape" && document.activeElement === box) {
      box.value = "";
      apply();
    }
  });

  // On paper everything is unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = findings.filter(finding => !finding.node.open);
    for (const finding of folded) { finding.node.open = true; }
  });
  addEventListener("afterprint", () => { for (const finding of folded) { finding.node.open = false; } });

  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.matches(".finding")) { target.open = true; }
})();
)js";
}

} // namespace trawl::deliver::html
