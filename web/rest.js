// The page's WebAssembly comes in two parts (`split/`). This fetches the second one when the first has shown the page,
// and at once where the first cannot go on without.
(() => {
  const file = "REST";
  let first, there;
  const put = (rest) => {
    if (there) return;
    new WebAssembly.Instance(rest, { first });
    there = first.rest_is_there.value = 1;
  };
  // Called in the midst of work, which cannot wait but for an answer at once.
  const need = () => {
    const request = new XMLHttpRequest();
    request.open("GET", file, false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status >= 400) throw new Error(`${file}: ${request.status}`);
    put(new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))));
  };
  const fetchRest = () =>
    there || fetch(file)
      .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject()))
      .then(WebAssembly.compile)
      .then(put, () => setTimeout(fetchRest, 5000));
  for (const how of ["instantiateStreaming", "instantiate"]) {
    const instantiate = WebAssembly[how];
    WebAssembly[how] = async (source, imports) => {
      const made = await instantiate.call(WebAssembly, source, { ...imports, rest: { need } });
      first = (made.instance ?? made).exports;
      // Two frames, so that the page is on the screen before the network is busy again.
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(fetchRest)));
      return made;
    };
  }
})();
