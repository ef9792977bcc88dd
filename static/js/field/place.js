// Where the phone is, if it says so in time: {latitude, longitude, accuracy in metres}, else an empty object.
export function position(patience = 8_000) {
  if (!navigator.geolocation) return Promise.resolve({});
  return new Promise((resolve) => {
    const enough = setTimeout(() => resolve({}), patience + 500);
    const done = (found) => {
      clearTimeout(enough);
      resolve(found);
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) => done({ latitude, longitude, accuracy }),
      () => done({}),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60_000 },
    );
  });
}
