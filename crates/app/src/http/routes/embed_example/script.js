// Shows what the booking pages tell the site that they stand on.
for (const name of ["held", "booked", "closed"]) {
  document.addEventListener(`holdfast:${name}`, ({ detail }) => {
    const line = document.createElement("li");
    line.textContent = `${name}: ${JSON.stringify(detail)}`;
    document.getElementById("told").append(line);
  });
}
