// Goes before boot.js, in one file with it, where the page has no backend: keeps what the identity provider answered,
// and learns whom to ask.
{
  if (location.pathname === "/callback") {
    // Tokens, or a code: out of the address bar and the history before anything else can read them there. The app takes
    // them from here, and deletes them.
    const { hash, search } = location;
    history.replaceState(null, "", location.pathname);
    globalThis.authorizationResponse = { hash, search };
  }

  const config = async () => {
    const response = await fetch("/config.json");
    if (!response.ok) throw new Error(`/config.json: status ${response.status}`);
    globalThis.storezeroConfig = await response.json();
  };
  globalThis.beforeStart = config();
}
