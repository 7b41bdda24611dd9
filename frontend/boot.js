// Runs before the first paint, hence a classic script in the head: chooses colours and the shell's first
// picture, then fetches the app. The CSP allows no inline script, so this is a file of its own.
{
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch {
    // Storage can be forbidden; the system's colours are right then.
  }
  root.dataset.page = location.pathname === "/" ? "home" : "other";

  const base = document.currentScript.src;
  const parsed = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve, { once: true });
    else resolve();
  });

  // What the start page does not need (styles/pages.css). Kept once it is there; without it pages are readable.
  let styles;
  const fetchPageStyles = () =>
    new Promise((resolve) => {
      const link = document.createElement("link");
      Object.assign(link, { rel: "stylesheet", href: new URL("./pages.css", base), onload: resolve, onerror: resolve });
      document.head.append(link);
    });
  globalThis.pageStyles = () => (styles ??= fetchPageStyles());
  if (root.dataset.page === "other") globalThis.pageStyles();

  // From the history a page comes as old as it was left; what it shows is asked for anew.
  const isFromHistory = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  parsed.then(() => {
    if (isFromHistory) document.querySelectorAll("script[data-api]").forEach((answer) => answer.remove());
  });

  // Only a page without a backend has something to wait for before the start (no-backend.js).
  Promise.all([import("./frontend.js"), parsed, globalThis.beforeStart])
    .then(([app]) => app.default({ module_or_path: new URL("./frontend_bg.wasm", base) }))
    .catch((error) => {
      root.dataset.failed = "";
      console.error(error);
    });
}
