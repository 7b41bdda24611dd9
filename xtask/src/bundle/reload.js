
// Added by `cargo xtask dev` alone: reloads the page when the server came back or the page it serves changed.
{
  const page = async () => {
    const response = await fetch("/", { cache: "no-store" });
    return response.headers.get("etag");
  };
  let shown;
  let wasAway = false;
  setInterval(async () => {
    try {
      const served = await page();
      shown ??= served;
      if (wasAway || served !== shown) location.reload();
    } catch {
      wasAway = true;
    }
  }, 700);
}
