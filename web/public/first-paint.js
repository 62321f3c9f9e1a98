// What must not wait for the app: theme and language, so that nothing flashes; and a greeting to the page around a frame.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  // What embed.js has written into the name of its frame (see src/lib/embed-protocol.ts).
  var around = {};
  if (window.parent !== window) {
    root.dataset.embedded = "";
    try {
      if (window.name.indexOf("holdfast:") === 0) around = JSON.parse(window.name.slice(9));
      // Reaches the page around only if its origin is what it said.
      if (around.origin) window.parent.postMessage({ holdfast: "hello" }, around.origin);
    } catch {
      around = {};
    }
  }
  var theme = around.theme || read("holdfast.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  var language = around.language || read("holdfast.language") || navigator.language || "en";
  root.lang = language.slice(0, 2) === "de" ? "de" : "en";
  // The first use of dates and locales takes a phone a while; the app is still on its way.
  setTimeout(function () {
    new Intl.DateTimeFormat(root.lang).format();
  });
})();
