// A browser in which a User is signed in already: it follows one redirect, back to the client.

export async function browse(address, who) {
  const response = await fetch(address, { redirect: "manual", headers: { cookie: `who=${who}` } });
  if (response.status !== 303) {
    throw new Error(`${response.status}: ${await response.text()}`);
  }
  return new URL(response.headers.get("location"));
}

export const given = JSON.parse(process.argv[2]);
