# The R side of mrgsolve_peer.py: compiles <folder>/reference.cpp, then for each line "tolerance days people names..."
# on standard input reads people.bin and doses.bin, solves, writes ends.bin (one row a day and person) and says "done".

suppressPackageStartupMessages(library(mrgsolve))
folder <- commandArgs(trailingOnly = TRUE)[1]
doubles <- function(name, n) readBin(file.path(folder, name), "double", n, endian = "little")
reference <- mread("reference", folder, quiet = TRUE)

requests <- file("stdin", "r")
while (length(line <- readLines(requests, 1)) == 1) {
  words <- strsplit(line, " ")[[1]]
  tolerance <- as.numeric(words[1])
  days <- as.integer(words[2])
  people <- as.integer(words[3])
  names <- words[-(1:3)]

  idata <- matrix(doubles("people.bin", people * length(names)), nrow = people, dimnames = list(NULL, names))
  idata <- data.frame(ID = seq_len(people), idata)
  # the file runs over people within days; mrgsolve wants days within people
  amounts <- t(matrix(doubles("doses.bin", days * people), nrow = people))
  data <- data.frame(
    ID = rep(seq_len(people), each = days), time = rep(seq_len(days) - 1, people),
    amt = as.vector(amounts), evid = 1, cmt = 1
  )
  model <- reference
  if (tolerance > 0) model <- update(model, rtol = tolerance, atol = tolerance)
  found <- mrgsim_di(model, data, idata, obsonly = TRUE, end = days, delta = 1, output = "matrix")
  found <- found[found[, "time"] > 0, -(1:2), drop = FALSE]
  writeBin(as.vector(found), file.path(folder, "ends.bin"), endian = "little")
  cat("done\n")
  flush(stdout())
}
