(function () {
  "use strict";
  var findings = Array.prototype.slice.call(document.querySelectorAll("details.finding"));
  var search = document.getElementById("search");
  var boxes = Array.prototype.slice.call(document.querySelectorAll("input[name=category]"));
  var status = document.getElementById("shown");
  document.getElementById("controls").hidden = findings.length === 0;
  function apply() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    var wanted = {};
    boxes.forEach(function (box) { wanted[box.value] = box.checked; });
    var shown = 0;
    findings.forEach(function (finding) {
      var text = finding.textContent.toLowerCase();
      var fits = wanted[finding.dataset.category] && words.every(function (word) { return text.indexOf(word) >= 0; });
      finding.hidden = !fits;
      if (fits) { shown += 1; }
    });
    status.textContent = shown + " of " + findings.length + " findings shown";
  }
  function open(all) { findings.forEach(function (finding) { if (!finding.hidden) { finding.open = all; } }); }
  search.addEventListener("input", apply);
  boxes.forEach(function (box) { box.addEventListener("change", apply); });
  document.getElementById("open-all").addEventListener("click", function () { open(true); });
  document.getElementById("close-all").addEventListener("click", function () { open(false); });
  var opened = [];
  window.addEventListener("beforeprint", function () {
    var closed = document.querySelectorAll("details:not([open]):not(.background)");
    opened = Array.prototype.filter.call(closed, function (each) { return !each.hidden; });
    opened.forEach(function (each) { each.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (each) { each.open = false; });
    opened = [];
  });
  apply();
}());
