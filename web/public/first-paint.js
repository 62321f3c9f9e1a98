// Chooses the theme and the language before the first paint, so that nothing flashes.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  var theme = read("holdfast.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  var language = read("holdfast.language") || navigator.language || "en";
  root.lang = language.slice(0, 2) === "de" ? "de" : "en";
})();
